import type { Log } from './log.ts'
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

const text = (value: unknown) =>
  typeof value === 'string' && value
    ? value
    : typeof value === 'number' && Number.isFinite(value)
      ? `${value}`
      : undefined

const flag = (value: unknown) =>
  value === true || value === '' || value === 'true'
    ? true
    : value === false || value === 'false'
      ? false
      : undefined

const address = (value: unknown) => {
  try {
    const url = new URL(value as string, location.href)
    return typeof value === 'string' && /^https?:$/.test(url.protocol)
      ? url.href.replace(/\/+$/, '')
      : undefined
  } catch {
    return undefined
  }
}

/** How each option is read; `undefined` says that it can't be. Data attributes come as strings. */
const readers: { [K in keyof InitOptions]-?: (value: unknown) => InitOptions[K] | undefined } = {
  application: text as (value: unknown) => string,
  token: text,
  endpoint: address,
  userId: text,
  hwid: text,
  deviceType: value => (/^\d+$/.test(value as string) ? +(value as string) : undefined),
  consent: value =>
    value === 'granted' || value === 'pending' || value === 'denied' ? value : undefined,
  gpc: flag,
  pageEvent: text,
  clicks: flag,
  debug: flag,
}

/** The vendor's numbers, by the user agent: 12 Firefox (on iOS too), 10 Safari, 11 all else. */
export const deviceType = (userAgent: string): number =>
  /Firefox\/|FxiOS\//.test(userAgent)
    ? 12
    : /Version\/\S+ .*Safari\//.test(userAgent) && !/Chrom|Android|Edg|OPR/.test(userAgent)
      ? 10
      : 11

/**
 * Checks the options of `init`. Answers `undefined` where there is no `application` to work for; any other option that
 * can't be used is warned of, and its default taken.
 */
export const readConfig = (options: unknown, log: Log): Config | undefined => {
  const given: Record<string, unknown> = {}
  if (options && typeof options === 'object') {
    for (const [name, value] of Object.entries(options)) {
      if (value === undefined || value === null) continue
      const reader = Object.hasOwn(readers, name) ? readers[name as keyof InitOptions] : undefined
      const read = reader?.(value)
      if (read === undefined) {
        log.warn(
          `init.${name}`,
          reader
            ? `init: option "${name}" can't be used (${typeof value}); its default was taken`
            : `init: unknown option "${name}" was ignored`,
        )
      } else given[name] = read
    }
  }
  const { gpc, ...rest } = given as Partial<InitOptions>
  if (!rest.application) {
    log.warn(
      'init',
      'init: "application" is missing; the call was ignored, and others wait for one that has it',
    )
    return undefined
  }
  if (!/^[0-9A-Z]{5}-[0-9A-Z]{5}$/.test(rest.application)) {
    log.warn(
      'application',
      `init: application "${rest.application}" is not like XXXXX-XXXXX; used as it is`,
    )
  }
  const optedOut = gpc && (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl
  return {
    endpoint: ENDPOINT,
    deviceType: deviceType(navigator.userAgent),
    clicks: true,
    debug: false,
    ...(rest as { application: string; userId?: string }),
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
  for (const name of Object.keys(readers)) {
    const value = script.dataset[name]
    if (value !== undefined) options[name] = value
  }
  return options
}
