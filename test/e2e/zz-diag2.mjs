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
    const tab = await openTagged(stage, { tab: i, head: `<script>L=[];N=0;(function(f){fetch=function(u,o){N++;var p=f(u,o);p.then(function(r){var t=r.text;r.text=function(){return t.call(r).then(function(x){N--;L.push(Date.now()%1e6+'text'+x.length);return x},function(e){N--;L.push('texterr'+e);throw e})};},function(e){N--;L.push(Date.now()%1e6+'rej'+e)});return p}})(fetch);(function(P){['setItem','removeItem'].forEach(function(n){var f=P[n];P[n]=function(k,v){L.push(Date.now()%1e6+n+k.slice(0,14));return f.apply(this,arguments)}});var c=IDBTransaction.prototype.commit;IDBTransaction.prototype.commit=function(){L.push(Date.now()%1e6+'commit');return c.apply(this,arguments)};var a=IDBTransaction.prototype.abort;IDBTransaction.prototype.abort=function(){L.push(Date.now()%1e6+'abort');return a.apply(this,arguments)}})(Storage.prototype)</script>`, body: '', })
    await tab.evaluate(`addEventListener('pagehide',function(e){ navigator.sendBeacon('/errors','after '+Date.now()%1e6+' N='+N+' '+L.slice(-24)+' '+Object.keys(localStorage)) },true)`); await callAll(tab, [name])
    const inflight = api.requests.length
    console.log('closing', Date.now()%1e6)
    await tab.close()
    console.log('closed', Date.now()%1e6)
  }
  await sleep(4000)
  console.log(stage.site.errors, await first.evaluate('JSON.stringify(localStorage)'));stage.site.errors.length=0
  console.log(stage.site.errors);stage.site.errors.length=0
  console.log(tally(api, old).doubled.length)
  console.log((await first.evaluate('log')).map(String).join('\n'))
  const by={}; for (const r of api.requests) (by[r.request.event] ??= []).push(r.at%1e6)
  console.log(Object.entries(by).filter(e=>e[1].length>1).map(e=>e.join(' ')).join('\n'))
})
