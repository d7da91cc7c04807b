// A Telegram bot by long polling: no public address needed. It answers /start, keeps notes and reads them back.
const api = () => `${env.get('TELEGRAM_API')}/bot${env.get('TELEGRAM_TOKEN')}`

service.start(() => {
  if (!env.get('TELEGRAM_TOKEN')) return logger.warn('Set TELEGRAM_TOKEN under Environment, then restart.')
  // The next poll begins when the last one ended.
  schedule.every('100ms', poll, { name: 'poll' })
})

async function poll() {
  try {
    for (const update of await newUpdates()) await handle(update)
  } catch (error) {
    logger.error('No updates, asking again in 10 s:', error)
    await utils.sleep(10_000)
  }
}

async function newUpdates() {
  const query = { offset: cache.get('offset', 0), timeout: 20 }
  const answer = await http.get(`${api()}/getUpdates`, { query, timeout: '25s' })
  if (answer.status === 401 || answer.status === 404)
    throw new Error('Telegram does not know TELEGRAM_TOKEN.')
  if (!answer.ok) throw new Error(`Telegram answered ${answer.status}: ${answer.body}`)
  return answer.json().result
}

// A message that cannot be handled is told in the log and left behind: it must not hold up those after it.
async function handle(update) {
  try {
    if (update.message?.text) await answerTo(update.message)
  } catch (error) {
    logger.error('Update', update.update_id, 'failed:', error)
  }
  cache.set('offset', update.update_id + 1, { persist: true })
}

async function answerTo({ chat, from, text }) {
  const [command, ...words] = text.split(' ')
  if (command === '/start') return say(chat, 'Hello! /note <text> keeps a note, /notes lists them.')
  if (command === '/note') {
    if (words.length === 0) return say(chat, 'Say what to keep: /note buy tea')
    await database.notes.insert({ chat: String(chat.id), who: from?.first_name ?? '', text: words.join(' ') })
    return say(chat, 'Kept.')
  }
  if (command === '/notes') {
    const notes = await database.notes.find({ chat: String(chat.id) }, { sort: '-createdAt', limit: 10 })
    return say(chat, notes.map((note) => `• ${note.text}`).join('\n') || 'No notes yet.')
  }
  return say(chat, `I do not know ${command}.`)
}

async function say(chat, text) {
  const answer = await http.post(`${api()}/sendMessage`, { chat_id: chat.id, text })
  if (!answer.ok) logger.error('not sent:', answer.status, answer.body)
}
