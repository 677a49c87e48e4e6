import { scenario, until, counts } from '/work/main/test/support/scenario.mjs'
import { callAll, expectAll, names, openTagged, running, tagged, tally, leaveBacklog, flushed } from '/work/main/test/e2e/delivery.mjs'
import { setTimeout as sleep } from 'node:timers/promises'
scenario('diag', {engines:['firefox']}, async stage => {
  const { api } = stage
  const old = names('Backlog', 60)
  const first = await leaveBacklog(stage, old)
  await first.evaluate(() => { window.log=[]; seen={}; setInterval(()=>{for(const k of Object.keys(localStorage)) if(!seen[k]){seen[k]=1;log.push([Date.now()%1e6,'POLL',k,localStorage[k].slice(0,50)])}},5); addEventListener('storage', e => log.push([Date.now()%1e6, e.key, (e.newValue||'').slice(0,60), (e.newValue||'').split(',').length])) })
  api.behave({ delayMs: 100 })
  await api.listen()
  const done = flushed(first)
  for (const [i, name] of names('Live', 3).entries()) {
    const tab = await openTagged(stage, { tab: i, })
    await callAll(tab, [name])
    const inflight = api.requests.length
    console.log('closing', Date.now()%1e6)
    await tab.close()
    console.log('closed', Date.now()%1e6)
  }
  await sleep(4000)
  console.log(stage.site.errors, await first.evaluate('JSON.stringify(localStorage)'));stage.site.errors.length=0
  console.log(tally(api, old).doubled.length)
  console.log((await first.evaluate('log')).map(String).join('\n'))
  const by={}; for (const r of api.requests) (by[r.request.event] ??= []).push(r.at%1e6)
  console.log(Object.entries(by).filter(e=>e[1].length>1).map(e=>e.join(' ')).join('\n'))
})
