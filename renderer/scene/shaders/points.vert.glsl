// One point of the cloud: between two frames, coloured by its class, larger when near.
in vec3 posA;
in vec3 posB;
// Slot of the colour, whether it is drawn.
in uvec4 traits;

uniform float uT;
uniform float uPixelRatio;
// Diameter in CSS pixels at the distance of what the camera turns about.
uniform float uSize;
uniform float uTargetDistance;
// Colour and how far it may fade.
uniform vec4 uPalette[11];
uniform vec3 uCanvas;
uniform vec3 uInk;
uniform vec3 uAccent;
uniform int uHovered;
uniform int uSelected;

flat out vec3 vColor;
// Colour of the ring around it; unused without a ring.
flat out vec3 vRing;
// Radii in device pixels: of the disc, of the sprite; they are equal without a ring.
flat out vec2 vRadius;

void main() {
  if (traits.y == 0u) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    gl_PointSize = 0.0;
    return;
  }
  vec4 place = modelViewMatrix * vec4(mix(posA, posB, uT), 1.0);
  gl_Position = projectionMatrix * place;
  float size = clamp(uSize * pow(uTargetDistance / max(-place.z, 1e-4), 1.6), 2.0, 14.0);
  vec4 paint = uPalette[traits.x];
  float fog = clamp(0.16 + 0.43 * (-place.z - uTargetDistance), 0.0, paint.a);
  vColor = mix(paint.rgb, uCanvas, fog);
  bool selected = gl_VertexID == uSelected;
  bool marked = selected || gl_VertexID == uHovered;
  vRing = selected ? uAccent : uInk;
  float disc = marked ? max(size, 5.0) : size;
  float sprite = marked ? disc + 7.0 : disc;
  vRadius = vec2(disc, sprite) * uPixelRatio * 0.5;
  // A marked point stands before all others.
  if (marked) gl_Position.z = -gl_Position.w;
  gl_PointSize = ceil(vRadius.y * 2.0) + 1.0;
}
