// A chat bot behind a webhook: looks into headers of any case, asks another service, counts and remembers.
var TOKEN = $env.get('BOT_TOKEN')
var API = $env.get('API_URL')

function say(chat, text) {
  var answer = $http.post(
    API + '/sendMessage',
    { chat_id: chat, text: text },
    { headers: { 'X-Bot': TOKEN }, timeout: 5000 },
  )
  if (answer.status !== 200) $logger.error('not sent', answer.status, answer.statusText)
  return answer.json()
}

var commands = {
  '/start': function (chat, name) {
    return say(chat, 'Hello ' + $utils.capitalize(name) + '!')
  },
  '/rate': function (chat) {
    var rate = $http.get(API + '/rate?to=' + $encoding.urlEncode('US dollar'))
    return say(chat, rate.status === 200 ? 'Rate: ' + rate.json().rate : 'no rate')
  },
}

$router.post('/hook', function (ctx) {
  if (ctx.headers['X-Telegram-Bot-Api-Secret-Token'] !== $crypto.md5(TOKEN)) return ctx.response(403, 'no')
  var same = ctx.headers['x-telegram-bot-api-secret-token'] === ctx.headers['X-TELEGRAM-BOT-API-SECRET-TOKEN']
  var update = $encoding.jsonParse(ctx.body)
  var message = update.message
  var command = commands[message.text]
  $goals.increment('messages')
  $storage.append('chats/' + message.chat.id + '.log', message.text + '\n')
  var sent = command ? command(message.chat.id, message.from.first_name) : null
  return { ok: true, same: same, sent: sent }
})

$router.get('/stats', function () {
  return {
    total: $goals.getValue('messages'),
    log: $storage.read('chats/7.log'),
    goals: $goals.list().length,
    none: $goals.get('nothing'),
  }
})

$router.get('/down', function () {
  var lost = $http.get('http://127.0.0.1:1/')
  return { status: lost.status, text: typeof lost.statusText, json: lost.json() }
})
