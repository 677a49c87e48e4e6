const listeners = {};
mock('isConsentGranted', (type) => type === 'ad_storage');
mock('addConsentListener', (type, listener) => {
  listeners[type] = listener;
});
runCode({
  command: 'init',
  application: 'XXXXX-XXXXX',
  consent: 'consentMode',
  analytics_storage: true,
  ad_storage: true,
});
assertThat(calls[0]).isEqualTo(['init', {application: 'XXXXX-XXXXX', consent: 'pending'}]);
calls.splice(0, calls.length);
listeners.analytics_storage('analytics_storage', true);
listeners.analytics_storage('analytics_storage', true);
listeners.ad_storage('ad_storage', false);
listeners.analytics_storage('analytics_storage', false);
assertThat(calls).isEqualTo([
  ['consent', 'granted'],
  ['consent', 'denied'],
]);
