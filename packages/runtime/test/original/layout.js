var escape = function (text) {
  return String(text).replace(/&/g, '&amp;').replace(/</g, '&lt;')
}
$exports({
  escape: escape,
  page: function (title, body) {
    return '<!doctype html><title>' + escape(title) + '</title>' + body
  },
})
