import { existsSync, mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { root } from './run.mjs';

/** Where Linux puts a browser whose command is only a script. */
const places = ['/usr/lib/chromium', '/usr/lib64/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome', '/opt/microsoft/msedge'];

/**
 * A GPU made of software for the tests of WebGPU: SwiftShader, which every Chromium carries, with the loader that Vulkan needs. It gives
 * the same results on every machine. Mesa's lavapipe does not do: as of Debian 12, WebGPU refuses it for what it cannot index. Windows and
 * macOS are tested on the GPU that they have.
 * @param {string} chromium path of the browser
 * @returns {Record<string, string>} the variables under which programs find it; none where there is none
 */
export function softwareVulkan(chromium) {
  if (process.platform !== 'linux') return {};
  const folder = [dirname(realpathSync(chromium)), ...places].find(
    (each) => existsSync(join(each, 'vk_swiftshader_icd.json')) && existsSync(join(each, 'libvulkan.so.1')),
  );
  if (!folder) return {};
  // The loader alone: the browser's other libraries are nobody else's business.
  const loader = join(root, '.cache', 'vulkan');
  rmSync(loader, { recursive: true, force: true });
  mkdirSync(loader, { recursive: true });
  symlinkSync(join(folder, 'libvulkan.so.1'), join(loader, 'libvulkan.so.1'));
  return {
    VK_DRIVER_FILES: join(folder, 'vk_swiftshader_icd.json'),
    LD_LIBRARY_PATH: [loader, process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter),
  };
}
