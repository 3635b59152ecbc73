precision highp float;
precision highp sampler2DArray;

uniform sampler2DArray uPictures;
// 1 where the pictures have one channel.
uniform float uGrey;

in vec2 vPlace;
flat in vec3 vColor;
flat in uint vLayer;
out vec4 outColor;

void main() {
  bool isFrame = any(lessThan(vPlace, vec2(0.0))) || any(greaterThan(vPlace, vec2(1.0)));
  vec3 picture = texture(uPictures, vec3(vPlace, float(vLayer))).rgb;
  outColor = vec4(isFrame ? vColor : mix(picture, picture.rrr, uGrey), 1.0);
}
