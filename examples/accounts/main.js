// People who sign up, sign in and out, and reset a lost password by mail. Its address shows the forms; programs do
//   curl -c jar …/sign-up -H 'content-type: application/json' -d '{"email":"ann@example.com","password":"ten letters or more"}'
//   curl -b jar …/me/note -X PUT -H 'content-type: application/json' -d '{"note":"milk"}'
// What stands below /me is for who is signed in, and `ctx.state.person` says who that is.
const SESSION_DAYS = 30
const RESET_MINUTES = 30
const TRIES = { count: 10, minutes: 15 }
const PATH = `/r/${service.info.project.slug}`

service.boot(() => {
  router.get('/', (ctx) => ctx.html(PAGE))
  router.post('/sign-up', signUp)
  router.post('/sign-in', signIn)
  router.post('/sign-out', signOut)
  router.post('/password/forgot', forgot)
  router.post('/password/reset', reset)

  router.group('/me', (me) => {
    me.use(onlyPeople)
    me.get('/', ({ state: { person } }) => ({ email: person.email, note: person.note ?? '' }))
    me.put('/note', async ({ state: { person }, body }) => {
      const { note } = await database.people.update(person.id, { note: String(body?.note ?? '') })
      return { note }
    })
  })

  schedule.daily(async () => {
    const expired = { expiresAt: { $lt: new Date() } }
    logger.info('sessions that ended:', await database.sessions.deleteMany(expired))
    await database.resets.deleteMany(expired)
  })
  queue.define('reset-mail', mailReset, { retries: 5, backoff: '1m' })
})

async function signUp(ctx) {
  const { email, password } = credentials(ctx)
  const person = await database.people.insert({ email, password: await crypto.hashPassword(password) })
  logger.info('new account', person.id)
  return begin(ctx, person)
}

async function signIn(ctx) {
  const { email, password } = credentials(ctx)
  count(`sign-in:${email}:${ctx.ip}`)
  const person = await database.people.findOne({ email })
  // A password is checked for unknown addresses too: the time an answer takes does not tell who has an account.
  const right = await crypto.verifyPassword(password, person?.password ?? (await nobodysPassword()))
  if (!person || !right) throw router.response(401, { error: 'wrong address or password' })
  return begin(ctx, person)
}

async function signOut(ctx) {
  const token = ctx.cookies.session
  if (token) await database.sessions.deleteMany({ token: crypto.sha256(token) })
  ctx.setCookie('session', '', { path: PATH, maxAge: 0 })
  return router.response(204)
}

/** Answers the same, and as fast, whether the address has an account or not: that is looked up by the job. */
async function forgot(ctx) {
  const email = addressOf(ctx)
  count(`forgot:${email}`)
  await queue.push('reset-mail', { email })
  return router.response(202, { sent: 'if this address has an account' })
}

async function mailReset({ email }) {
  const person = await database.people.findOne({ email })
  if (!person) return
  if (!env.get('PUBLIC_URL')) throw new Error('PUBLIC_URL is not set: add it under Environment')
  const token = await keep(database.resets, person, RESET_MINUTES)
  const link = `${env.get('PUBLIC_URL')}/#reset=${token}`
  const text = `To choose a new password, open ${link} within ${RESET_MINUTES} minutes.`
  await smtp.send({ to: email, subject: 'Your password', text })
}

async function reset(ctx) {
  const password = passwordOf(ctx)
  const token = crypto.sha256(String(ctx.body.token ?? ''))
  const found = await database.resets.findOne({ token, expiresAt: { $gt: new Date() } })
  // Who removes it may use it: of two at once only one does.
  if (!found || (await database.resets.deleteMany({ token })) === 0)
    throw router.response(400, { error: 'this link was used or is too old' })
  const person = await database.people.update(found.person, { password: await crypto.hashPassword(password) })
  await database.sessions.deleteMany({ person: person.id })
  return begin(ctx, person)
}

/** Middleware: 401 without a session that holds. */
async function onlyPeople(ctx) {
  const token = crypto.sha256(ctx.cookies.session ?? '')
  const session = await database.sessions.findOne({ token, expiresAt: { $gt: new Date() } })
  ctx.state.person = session && (await database.people.findById(session.person))
  if (!ctx.state.person) return router.response(401, { error: 'sign in first' })
}

async function begin(ctx, person) {
  const token = await keep(database.sessions, person, SESSION_DAYS * 24 * 60)
  const secure = env.get('PUBLIC_URL', '').startsWith('https:')
  const maxAge = SESSION_DAYS * 24 * 3600
  ctx.setCookie('session', token, { path: PATH, maxAge, secure, httpOnly: true, sameSite: 'lax' })
  return ctx.json({ email: person.email })
}

/** Makes a secret. Only its hash is kept: who reads the database cannot use it. */
async function keep(model, person, minutes) {
  const secret = crypto.randomBytes(32)
  const expiresAt = new Date(Date.now() + minutes * 60_000)
  await model.insert({ token: crypto.sha256(secret), person: person.id, expiresAt })
  return secret
}

function count(what) {
  if (cache.increment(what, 1, { ttl: TRIES.minutes * 60 }) > TRIES.count)
    throw router.response(429, { error: `too many tries; come back in ${TRIES.minutes} minutes` })
}

const credentials = (ctx) => ({ email: addressOf(ctx), password: passwordOf(ctx) })

function addressOf(ctx) {
  const email = String(ctx.body?.email ?? '')
    .trim()
    .toLowerCase()
  if (!validator.isEmail(email)) throw router.response(400, { error: 'email must be an address' })
  return email
}

function passwordOf(ctx) {
  const password = ctx.body?.password
  if (typeof password !== 'string' || password.length < 10 || password.length > 200)
    throw router.response(400, { error: 'password must have 10 to 200 characters' })
  return password
}

let nobodys
const nobodysPassword = () => (nobodys ??= crypto.hashPassword(crypto.randomBytes(16)))

const PAGE = `<!doctype html>
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Accounts</title>
<style>
  body { font: 16px system-ui; max-width: 24rem; margin: 3rem auto; padding: 0 1rem }
  form, label { display: grid; gap: .5rem }
  input, textarea, button { font: inherit; padding: .5rem .75rem }
  [hidden] { display: none }
</style>
<h1>Accounts</h1>
<form id="door">
  <label>Address <input name="email" type="email" required autocomplete="username"></label>
  <label>Password <input name="password" type="password" minlength="10" required autocomplete="current-password"></label>
  <button value="sign-in">Sign in</button>
  <button value="sign-up">Sign up</button>
  <button value="password/forgot" formnovalidate>I forgot my password</button>
</form>
<form id="reset" hidden>
  <label>New password <input name="password" type="password" minlength="10" required autocomplete="new-password"></label>
  <button>Set it</button>
</form>
<form id="home" hidden>
  <label><span id="who"></span> <textarea name="note" rows="5" placeholder="A note only you can read"></textarea></label>
  <button>Save</button>
  <button value="sign-out">Sign out</button>
</form>
<p role="status"></p>
<script>
  const forms = Object.fromEntries([...document.forms].map((form) => [form.id, form]))
  const say = (text) => (document.querySelector('[role=status]').textContent = text)
  const show = (id) => Object.values(forms).forEach((form) => (form.hidden = form.id !== id))
  const call = async (path, method = 'GET', body) => {
    const headers = body && { 'content-type': 'application/json' }
    const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) })
    const value = answer.status === 204 ? {} : await answer.json()
    if (!answer.ok) throw new Error(value.error)
    return value
  }
  const enter = async () => {
    const { email, note } = await call('me')
    document.querySelector('#who').textContent = email
    forms.home.note.value = note
    show('home')
  }
  const on = (form, work) => (form.onsubmit = async (event) => {
    event.preventDefault()
    say('')
    await work(Object.fromEntries(new FormData(form)), event.submitter.value).catch((error) => say(error.message))
  })
  on(forms.door, async (typed, path) => {
    await call(path, 'POST', typed)
    if (path === 'password/forgot') say('If this address has an account, a mail is on its way.')
    else await enter()
  })
  on(forms.reset, async (typed) => {
    await call('password/reset', 'POST', { ...typed, token: location.hash.slice('#reset='.length) })
    history.replaceState(null, '', location.pathname)
    await enter()
  })
  on(forms.home, async (typed, path) => {
    if (path !== 'sign-out') return say((await call('me/note', 'PUT', typed)) && 'Saved.')
    await call(path, 'POST')
    show('door')
  })
  if (location.hash.startsWith('#reset=')) show('reset')
  else enter().catch(() => show('door'))
</script>`
