// What the template may do, in the form that Tag Manager exports.

const string = value => ({ type: 1, string: value })
const boolean = value => ({ type: 8, boolean: value })
const list = items => ({ type: 2, listItem: items })
const map = object => ({
  type: 3,
  mapKey: Object.keys(object).map(string),
  mapValue: Object.values(object),
})

const permission = (publicId, key, value) => ({
  instance: { key: { publicId, versionId: '1' }, param: [{ key, value }] },
  clientAnnotations: { isEditedByUser: true },
  isRequired: true,
})

const readWrite = key =>
  map({
    key: string(key),
    read: boolean(true),
    write: boolean(true),
    execute: boolean(false),
  })

const read = consentType =>
  map({ consentType: string(consentType), read: boolean(true), write: boolean(false) })

/** @param {{ globals: string[], script: string, consentTypes: string[] }} allowed */
export const permissions = ({ globals, script, consentTypes }) => [
  permission('access_globals', 'keys', list(globals.map(readWrite))),
  permission('inject_script', 'urls', list([string(script)])),
  permission('access_consent', 'consentTypes', list(consentTypes.map(read))),
  permission('logging', 'environments', string('debug')),
]
