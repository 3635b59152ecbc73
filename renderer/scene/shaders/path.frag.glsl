precision highp float;

uniform vec3 uInk;
uniform vec3 uCanvas;
uniform float uPixelRatio;

in float vAcross;
out vec4 outColor;

void main() {
  float line = clamp(0.8 * uPixelRatio - abs(vAcross) + 0.5, 0.0, 1.0);
  outColor = vec4(mix(uCanvas, uInk, line), 1.0);
}
