// The peers, each with what it ships and with the settings that its own documentation gives for production; that a page of
// 127.0.0.1 counts (`localhost`, `devMode`), and where to send, is set besides.

/**
 * @typedef {object} Peer
 * @property {string} name
 * @property {string} [pkg] the npm package
 * @property {string} [file] what it ships for a script element, in the package
 * @property {string} [module] code that imports the package and puts `peer` on the page, for those that ship none
 * @property {string} [snippet] what it ships to be inlined, in the package; it is made to load `/script.js` by `aim`
 * @property {(text: string) => string} [aim]
 * @property {(api: string) => string} init code, where events go to the given origin
 * @property {(name: string) => string} event code
 * @property {(path: string) => object | undefined} [routes] answers to what else it asks for
 */

/** @type {Peer[]} */
export const PEERS = [
  {
    name: 'Counterscale',
    pkg: '@counterscale/tracker',
    file: 'dist/loader/tracker.js',
    module: `import * as peer from '@counterscale/tracker'; window.peer = peer`,
    init: api => `peer.init({ siteId: 'shop', deploymentUrl: '${api}/', reportOnLocalhost: true })`,
    // It counts views of pages, and no other events.
    event: name => `peer.trackPageview({ url: '/${name}', referrer: '' })`,
  },
  {
    name: 'Plausible',
    pkg: '@plausible-analytics/tracker',
    module: `import * as peer from '@plausible-analytics/tracker'; window.peer = peer`,
    init: api =>
      `peer.init({ domain: 'shop.example', endpoint: '${api}/api/event', captureOnLocalhost: true })`,
    event: name => `peer.track('${name}', { props: {} })`,
  },
  {
    name: 'OpenPanel',
    pkg: '@openpanel/web',
    file: 'dist/src/tracker.global.js',
    module: `import { OpenPanel } from '@openpanel/web'; window.OpenPanel = OpenPanel`,
    init: api =>
      `peer = new OpenPanel({ apiUrl: '${api}', clientId: 'shop', trackScreenViews: true, trackOutgoingLinks: true, trackAttributes: true })`,
    event: name => `peer.track('${name}', {})`,
  },
  {
    name: 'Swetrix',
    pkg: 'swetrix',
    file: 'dist/swetrix.js',
    init: api =>
      `swetrix.init('shop', { apiURL: '${api}/log', devMode: true }); swetrix.trackViews(); swetrix.trackErrors()`,
    event: name => `swetrix.track({ ev: '${name}' })`,
  },
  {
    name: 'Faro',
    pkg: '@grafana/faro-web-sdk',
    file: 'dist/bundle/faro-web-sdk.iife.js',
    init: api =>
      `GrafanaFaroWebSdk.initializeFaro({ url: '${api}/collect', app: { name: 'shop', version: '1.0.0' } })`,
    event: name => `GrafanaFaroWebSdk.faro.api.pushEvent('${name}')`,
  },
  {
    name: 'Snowplow',
    pkg: '@snowplow/browser-tracker',
    file: 'dist/index.umd.min.js',
    module: `import * as peer from '@snowplow/browser-tracker'; window.peer = peer`,
    init: api => `peer.newTracker('sp1', '${api}', { appId: 'shop' }); peer.trackPageView()`,
    event: name => `peer.trackStructEvent({ category: 'shop', action: '${name}' })`,
  },
  {
    name: 'Mixpanel',
    pkg: 'mixpanel-browser',
    file: 'dist/mixpanel.min.js',
    snippet: 'dist/mixpanel-jslib-snippet.min.js',
    aim: text => `MIXPANEL_CUSTOM_LIB_URL = '/script.js'; ${text}`,
    init: api => `mixpanel.init('shop', { api_host: '${api}' })`,
    event: name => `mixpanel.track('${name}')`,
  },
  {
    name: 'Segment',
    pkg: '@segment/analytics-next',
    file: 'dist/umd/standalone.js',
    module: `import { AnalyticsBrowser } from '@segment/analytics-next'; window.AnalyticsBrowser = AnalyticsBrowser`,
    init: api => `peer = AnalyticsBrowser.load({
      writeKey: 'shop',
      cdnSettings: { integrations: { 'Segment.io': { apiKey: 'shop', apiHost: '${api.replace('http://', '')}/v1', protocol: 'http' } } }
    }); peer.page()`,
    event: name => `peer.track('${name}')`,
  },
  {
    name: 'RudderStack',
    pkg: '@rudderstack/analytics-js',
    // The other flavour fetches its queue from the vendor's servers.
    module: `import { RudderAnalytics } from '@rudderstack/analytics-js/bundled'; window.peer = new RudderAnalytics()`,
    init: api =>
      `peer.load('shop', '${api}', { configUrl: '${api}', sendAdblockPage: false }); peer.page()`,
    event: name => `peer.track('${name}')`,
    routes: path => (/sourceConfig/.test(path) ? RUDDER_SOURCE : undefined),
  },
  {
    name: 'Countly',
    pkg: 'countly-sdk-web',
    file: 'lib/countly.min.js',
    init: api =>
      `Countly.init({ app_key: 'shop', url: '${api}' }); Countly.track_sessions(); Countly.track_pageview()`,
    event: name => `Countly.add_event({ key: '${name}', count: 1 })`,
  },
  {
    name: 'Amplitude',
    pkg: '@amplitude/analytics-browser',
    file: 'lib/scripts/amplitude-min.js',
    snippet: 'lib/scripts/amplitude-snippet-min.js',
    aim: text =>
      text
        .replace(/c\.integrity="[^"]*",/, '')
        .replace(/"https:\/\/cdn\.amplitude\.com\/[^"]*"/, '"/script.js"'),
    // The remote configuration comes from the vendor's servers.
    init: api =>
      `amplitude.init('shop', { serverUrl: '${api}/2/httpapi', remoteConfig: { fetchRemoteConfig: false } })`,
    event: name => `amplitude.track('${name}')`,
  },
  {
    name: 'PostHog',
    pkg: 'posthog-js',
    file: 'dist/array.js',
    module: `import posthog from 'posthog-js'; window.posthog = posthog`,
    init: api =>
      `posthog.init('shop', { api_host: '${api}', defaults: '2025-05-24', person_profiles: 'identified_only' })`,
    event: name => `posthog.capture('${name}')`,
  },
  {
    name: 'Pushwoosh SDK',
    pkg: 'web-push-notifications',
    file: 'npm.js',
    module: `import { Pushwoosh } from 'web-push-notifications'; window.Pushwoosh = new Pushwoosh()`,
    init: api =>
      `Pushwoosh.push(['init', { applicationCode: 'AAAAA-BBBBB', apiToken: 'shop', pushwooshUrl: '${api}/json/1.3/' }])`,
    event: name => `Pushwoosh.api.postEvent('${name}', {})`,
    routes: path =>
      /getInboxMessages/.test(path) ? { status_code: 200, response: { messages: [] } } : undefined,
  },
]

const RUDDER_SOURCE = {
  source: {
    id: 'shop',
    name: 'shop',
    writeKey: 'shop',
    enabled: true,
    workspaceId: 'shop',
    config: { statsCollection: { errors: { enabled: false }, metrics: { enabled: false } } },
    destinations: [],
    connections: [],
    dataplanes: {},
  },
}
