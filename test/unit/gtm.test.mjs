// The Tag Manager template: that it is what its sources make, in the sandbox's language, and its own tests.
// That events arrive through it is tested in e2e/gtm.test.mjs. Tag Manager itself is not run anywhere.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parse } from 'acorn'
import { CONSENT_TYPES, code, SCRIPT, scenarios, setup, template } from '../../gtm/build.mjs'
import { readTemplate } from '../gtm-template.mjs'
import { createTemplateApi, runTemplate } from '../pages/template-api.js'

const tpl = readFileSync(new URL('../../gtm/template.tpl', import.meta.url), 'utf8')
const { json, text } = readTemplate(tpl)

test('template.tpl is byte for byte what is built', () => assert.ok(tpl === template()))

// https://developers.google.com/tag-platform/tag-manager/templates/sandboxed-javascript: ES5.1 with arrow functions,
// const and let; no `new`, no `this`, no regular expressions.
test('its code keeps to the language of the sandbox', () => {
  const tree = parse(code(), { ecmaVersion: 2015, allowReturnOutsideFunction: true })
  const refused = new Set([
    'NewExpression',
    'ThisExpression',
    'ClassDeclaration',
    'TemplateLiteral',
    'SpreadElement',
    'RestElement',
    'ObjectPattern',
    'ArrayPattern',
    'AssignmentPattern',
    'ForOfStatement',
    'TryStatement',
  ])
  const visit = node => {
    if (!node || typeof node !== 'object') return
    assert.ok(!refused.has(node.type) && !node.regex, `${node.type} at ${node.start}`)
    assert.ok(node.type !== 'Property' || (!node.shorthand && !node.method && !node.computed))
    for (const child of Object.values(node)) visit(child)
  }
  visit(tree)
})

test('it may do what it needs and no more', () => {
  const { api } = createTemplateApi({ scope: {}, permissions: json('WEB_PERMISSIONS') })
  assert.deepEqual(
    json('WEB_PERMISSIONS').map(({ instance }) => instance.key.publicId),
    ['access_globals', 'inject_script', 'access_consent', 'logging'],
  )
  assert.ok(api.queryPermission('inject_script', SCRIPT))
  assert.ok(!api.queryPermission('inject_script', SCRIPT.replace('pw-tag@', 'other@')))
  assert.doesNotMatch(text('WEB_PERMISSIONS'), /\*/)
  const own = readTemplate(template('https://www.example.com/pw.js'))
  assert.doesNotMatch(
    own.text('WEB_PERMISSIONS') + own.text('SANDBOXED_JS_FOR_WEB_TEMPLATE'),
    /jsdelivr/,
  )
})

test('every option of init has a field', () => {
  const names = []
  const collect = fields => {
    for (const { name, subParams = [] } of fields) {
      names.push(name)
      collect(subParams)
    }
  }
  collect(json('TEMPLATE_PARAMETERS'))
  assert.equal(new Set(names).size, names.length, names.join())
  const types = readFileSync(new URL('../../src/types.ts', import.meta.url), 'utf8')
  const [, options] = /interface InitOptions \{(.*?)\n\}/s.exec(types)
  for (const [, option] of options.matchAll(/^ {2}(\w+)\??:/gm)) {
    assert.ok(names.includes(option), option)
    assert.ok(code().includes(`'${option}'`), option)
  }
  for (const type of CONSENT_TYPES) assert.ok(code().includes(`'${type}'`), type)
})

/** What Tag Manager gives to a template's tests. */
function testApi(api) {
  const mocks = {}
  const called = {}
  const record = (name, fn) => {
    called[name] = 0
    return (...args) => {
      called[name]++
      return (mocks[name] ?? fn)(...args)
    }
  }
  const wrapped = Object.fromEntries(
    Object.entries(api).map(([name, fn]) => [
      name,
      typeof fn === 'function' ? record(name, fn) : fn,
    ]),
  )
  const gtmOnSuccess = record('gtmOnSuccess', () => {})
  const gtmOnFailure = record('gtmOnFailure', () => {})
  return {
    mock: (name, fn) => {
      mocks[name] = fn
    },
    runCode: data => runTemplate(code(), { ...data, gtmOnSuccess, gtmOnFailure }, wrapped),
    assertThat: value => ({ isEqualTo: expected => assert.deepEqual(value, expected) }),
    assertApi: name => ({
      wasCalled: () => assert.ok(called[name], `${name} was not called`),
      wasNotCalled: () => assert.equal(called[name], 0, `${name} was called`),
    }),
  }
}

for (const { name, code: scenario } of scenarios()) {
  test(`its own test: ${name}`, () => {
    assert.ok(text('TESTS').includes(`- name: ${name}\n`))
    const scope = { console: { log() {} } }
    const { api } = createTemplateApi({ scope, permissions: json('WEB_PERMISSIONS') })
    const names = Object.entries(testApi(api))
    new Function(...names.map(([key]) => key), `${setup()}\n${scenario}`)(
      ...names.map(([, value]) => value),
    )
  })
}
