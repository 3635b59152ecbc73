// A small picture in the place of a point: a square that faces the camera and keeps its size on the screen.
in vec3 posA;
in vec3 posB;
// Of the quad, -1 to 1.
in vec2 corner;
// Slot of the class's colour, layer of the picture in two bytes, whether the picture is there.
in uvec4 traits;

uniform float uT;
uniform vec2 uViewport;
// Half its side with the frame around it, and without, device pixels.
uniform vec2 uReach;
uniform vec3 uPalette[11];

out vec2 vPlace;
flat out vec3 vColor;
flat out uint vLayer;

void main() {
  vec4 place = projectionMatrix * modelViewMatrix * vec4(mix(posA, posB, uT), 1.0);
  // Onto whole pixels, so that the picture is not blurred.
  vec2 middle = floor((place.xy / place.w * 0.5 + 0.5) * uViewport) / uViewport * 2.0 - 1.0;
  gl_Position = traits.w == 0u ? vec4(2.0, 2.0, 2.0, 1.0) : vec4((middle + corner * uReach.x * 2.0 / uViewport) * place.w, place.zw);
  // 0 to 1 across the picture; beyond it lies the frame.
  vPlace = vec2(corner.x, -corner.y) * 0.5 * uReach.x / uReach.y + 0.5;
  vColor = uPalette[traits.x];
  vLayer = traits.y | (traits.z << 8);
}
