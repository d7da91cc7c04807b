// A Telegram bot by long polling: no public address needed. It answers /start, keeps notes and reads them back.
const api = () => `${env.get('TELEGRAM_API')}/bot${env.get('TELEGRAM_TOKEN')}`

service.start(() => {
  if (!env.get('TELEGRAM_TOKEN')) return logger.warn('Set TELEGRAM_TOKEN under Environment, then restart.')
  // The next poll begins when the last one ended.
  schedule.every('100ms', poll)
})

async function poll() {
  const offset = (await cache.get('offset')) ?? 0
  const answer = await http.get(`${api()}/getUpdates`, { query: { offset, timeout: 20 }, timeout: '25s' })
  if (!answer.ok) throw new Error(`Telegram answered ${answer.status}: ${answer.body}`)
  for (const update of answer.json().result) {
    if (update.message?.text) await answerTo(update.message)
    await cache.set('offset', update.update_id + 1, { persist: true })
  }
}

async function answerTo({ chat, from, text }) {
  const [command, ...words] = text.split(' ')
  if (command === '/start') return say(chat, 'Hello! /note <text> keeps a note, /notes lists them.')
  if (command === '/note') {
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
