import { IGNORED, warn } from './log.ts'
import type { Consent, InitOptions } from './types.ts'

const ENDPOINT = 'https://api.pushwoosh.com/json/1.3'

/** The options after their check, with every default in place. */
export interface Config {
  readonly application: string
  readonly token?: string
  /** Absolute, without a slash at its end. */
  readonly endpoint: string
  readonly userId?: string
  readonly hwid?: string
  readonly deviceType: number
  readonly consent: Consent
  readonly pageEvent?: string
  readonly clicks: boolean
  readonly debug: boolean
}

const flag = /^(true|false|)$/

/** What each option may be, as text: data attributes come as that, and tag managers give it too. */
const formats: { [K in keyof InitOptions]-?: RegExp } = {
  application: /./,
  token: /./,
  endpoint: /./,
  userId: /./,
  hwid: /./,
  deviceType: /^\d+$/,
  consent: /^(granted|pending|denied)$/,
  gpc: flag,
  pageEvent: /./,
  clicks: flag,
  debug: flag,
}

/** Absolute, without a slash at its end; throws if it is no address of the web. */
const address = (value: string): string => {
  const { protocol, href } = new URL(value, location.href)
  if (!/^https?:$/.test(protocol)) throw protocol
  return href.replace(/\/+$/, '')
}

/** The vendor's numbers, by the user agent: 12 Firefox (on iOS too), 10 Safari, 11 all else. */
export const deviceType = (userAgent: string): number =>
  /Firefox\/|FxiOS\//.test(userAgent)
    ? 12
    : /Version\/\S+ .*Safari\//.test(userAgent) && !/Chrom|Android|Edg/.test(userAgent)
      ? 10
      : 11

/**
 * Checks the options of `init`. Answers `undefined` where there is no `application` to work for; any other option that
 * can't be used is warned of, and its default taken.
 */
export const readConfig = (options: unknown): Config | undefined => {
  const given: Partial<InitOptions> & Record<string, unknown> = {}
  for (const [name, value] of Object.entries(typeof options === 'object' ? Object(options) : {})) {
    if (value === undefined || value === null) continue
    const format = formats[name as keyof InitOptions]
    const text = `${value}`
    try {
      // Throws for what is no option, too.
      if (Object(value) === value || !format.test(text)) throw 0
      given[name] = format === flag ? text !== 'false' : name === 'endpoint' ? address(text) : text
    } catch (_) {
      warn('init', `option "${name}" is unknown or can't be used`, 'it was ignored', value)
    }
  }
  const { gpc, application, ...rest } = given
  if (!application) {
    warn('init', '"application" is missing', IGNORED)
    return undefined
  }
  if (!/^[0-9A-Z]{5}-[0-9A-Z]{5}$/.test(application)) {
    warn('init', '"application" is not like XXXXX-XXXXX', 'it was used as it is', application)
  }
  const optedOut = gpc && (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl
  return {
    endpoint: ENDPOINT,
    clicks: true,
    debug: false,
    ...(rest as { userId?: string }),
    application,
    deviceType: +(rest.deviceType || deviceType(navigator.userAgent)),
    consent: optedOut ? 'denied' : rest.consent || 'granted',
  }
}

/**
 * The options that stand on the tag's script element. `currentScript` may be clobbered by an element of that name
 * (CVE-2024-45389), so it counts only if it is a script.
 */
export const readDataset = (script: Element | null): Record<string, string> | undefined => {
  if (!(script instanceof HTMLScriptElement) || !script.dataset.application) return undefined
  const options: Record<string, string> = {}
  for (const name of Object.keys(formats)) {
    const value = script.dataset[name]
    if (value !== undefined) options[name] = value
  }
  return options
}
