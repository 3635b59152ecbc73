// One piece of the path as a ribbon of constant width on the screen.
in vec3 start;
in vec3 end;
// -1 or 1 along, -1 or 1 across.
in vec2 corner;

uniform vec2 uViewport;
// Half its width in device pixels, the edge included.
uniform float uReach;

out float vAcross;

void main() {
  vec4 a = projectionMatrix * modelViewMatrix * vec4(start, 1.0);
  vec4 b = projectionMatrix * modelViewMatrix * vec4(end, 1.0);
  vec2 along = (b.xy / b.w - a.xy / a.w) * uViewport;
  float span = length(along);
  vec2 direction = span > 1e-4 ? along / span : vec2(1.0, 0.0);
  vec2 across = vec2(-direction.y, direction.x);
  vec4 place = corner.x < 0.0 ? a : b;
  // Half the width beyond each end, so that bends have no gaps.
  vec2 offset = (direction * corner.x * 0.5 + across * corner.y) * uReach;
  gl_Position = place + vec4(2.0 * offset / uViewport * place.w, 0.0, 0.0);
  vAcross = corner.y * uReach;
}
