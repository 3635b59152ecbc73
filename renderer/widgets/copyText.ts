/** Puts text on the clipboard: by the modern call, and where a shell forbids that, by the old one, which needs no permission. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const take = (event: ClipboardEvent): void => {
      event.clipboardData?.setData('text/plain', text);
      event.preventDefault();
    };
    document.addEventListener('copy', take, { once: true });
    document.execCommand('copy');
  }
}
