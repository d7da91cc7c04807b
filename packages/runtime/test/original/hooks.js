// Hears of what people change in the panel, and mails.
$hook.onModelInsert('products', function (doc) {
  var sent = $mail.send('boss@example.com', 'New: ' + doc.title, 'It costs ' + doc.price, {
    reply_to: ['shop@example.com'],
    headers: { 'X-Kind': 'product' },
    attachments: [{ filename: 'a.txt', content: $encoding.base64Encode('hi') }],
  })
  $logger.info('mail', sent.success, typeof doc._id)
  $database.collection('products').update(doc._id, { soldBy: 'mail' })
})
$router.get('/mail', function () {
  return {
    wrong: $mail.send('nobody@example.com', 's', 'b').success,
    html: $mail.sendHTML('boss@example.com', 'Hi', '<b>x</b>').success,
  }
})
