import { warn } from './log.ts'
import type { Consent, InitOptions } from './types.ts'

/** The options after their check, with every default in place. */
export interface Config {
  readonly application: string
  readonly token?: string
  /** Absolute, without a slash at its end. */
  readonly endpoint: string
  readonly userId?: string
  readonly hwid?: string
  /** A number, or its digits. */
  readonly deviceType: number | string
  readonly consent: Consent
  readonly pageEvent?: string
  readonly clicks: boolean
  readonly debug?: boolean
}

/** Another name of `URL`, which pages have variables of their own for (https://url.spec.whatwg.org/#url). */
declare const webkitURL: typeof URL

/** Not what has become text by mistake, as `Number(undefined)` does. */
const text = /^(?!NaN$)./
const flag = /^(true|false|)$/

/** What each option may be, as text: data attributes come as that, and tag managers give it too. */
const formats: { [K in keyof InitOptions]-?: RegExp } = {
  application: text,
  token: text,
  endpoint: /^https?:/,
  userId: text,
  deviceType: /^\d+$/,
  hwid: text,
  consent: /^(granted|pending|denied)$/,
  gpc: flag,
  pageEvent: text,
  clicks: flag,
  debug: flag,
}

/** The vendor's numbers, by the user agent: 12 Firefox (on iOS too), 10 Safari, 11 all else. */
export const deviceType = (userAgent: string): number =>
  /Firefox|FxiOS/.test(userAgent)
    ? 12
    : /Version\/\S+ (Mobile\/\S+ )?Safari\/\S+$/.test(userAgent)
      ? 10
      : 11

/**
 * Checks the options of `init`. Answers `undefined` where there is no `application` to work for; any other option that
 * can't be used is warned of, and its default taken.
 */
export const readConfig = (options: unknown): Config | undefined => {
  const config: Record<string, unknown> = {
    endpoint: 'https://api.pushwoosh.com/json/1.3',
    deviceType: deviceType(navigator.userAgent),
    consent: 'granted',
    clicks: true,
  }
  for (const [name, given] of Object.entries(
    Object(options) === options ? (options as object) : {},
  )) {
    if (given === undefined || given === null) continue
    try {
      const format = formats[name as keyof InitOptions]
      let value = `${given}`
      if (value && name === 'endpoint') {
        value = new webkitURL(value, location.href).href.replace(/\/+$/, '')
      }
      // What is no option has no format, which throws too.
      if (Object(given) === given || !format.test(value)) throw 0
      config[name] = format === flag ? value !== 'false' : value
    } catch (_) {
      // Without its value: it may be the token.
      warn('init', `${name} can't be used`)
    }
  }
  const application = config.application as string
  if (!/^[0-9A-Z]{5}-[0-9A-Z]{5}$/.test(application)) {
    warn('init', 'application must be XXXXX-XXXXX', application, application && 'used')
  }
  if (config.gpc && (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl) {
    config.consent = 'denied'
  }
  return application ? (config as unknown as Config) : undefined
}

/** The options that stand on the tag's script element. */
export const readDataset = ({ dataset }: HTMLElement): DOMStringMap | undefined => {
  if (!dataset.application) return undefined
  const options: DOMStringMap = {}
  for (const name of Object.keys(formats)) options[name] = dataset[name]
  return options
}
