precision highp float;

uniform float uPixelRatio;
// Coverage under which nothing is written: near 0 where the edge is smoothed by coverage, a half where there are no samples for that.
uniform float uCutoff;

flat in vec3 vColor;
flat in vec3 vRing;
flat in vec2 vRadius;
out vec4 outColor;

void main() {
  float size = ceil(vRadius.y * 2.0) + 1.0;
  float distance = length(gl_PointCoord - 0.5) * size;
  float disc = clamp(vRadius.x - distance + 0.5, 0.0, 1.0);
  float width = vRadius.y > vRadius.x ? 0.8 * uPixelRatio : 0.0;
  float ring = clamp(width - abs(distance - vRadius.y + width) + 0.5, 0.0, 1.0) * step(0.01, width);
  float cover = max(disc, ring);
  if (cover < uCutoff) discard;
  outColor = vec4(ring > disc ? vRing : vColor, cover);
}
