export const locales = ['en', 'zh-CN'] as const;
/** Languages of the interface, BCP 47. */
export type Locale = (typeof locales)[number];

/** Each language's own name. */
export const localeNames: Readonly<Record<Locale, string>> = { en: 'English', 'zh-CN': '简体中文' };

/** The supported language that suits a list of preferred ones (`navigator.languages`) best; English when none does. */
export function chooseLocale(preferred: readonly string[]): Locale {
  for (const tag of preferred) {
    const language = tag.toLowerCase().split('-')[0];
    if (language === 'zh') return 'zh-CN';
    if (language === 'en') return 'en';
  }
  return 'en';
}
