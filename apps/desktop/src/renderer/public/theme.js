// Runs before the first paint, so that a dark panel never flashes white. A file of its own because the
// content policy allows no inline scripts. The key is the one of app/theme/theme.ts.
;(function () {
  var theme = null
  try {
    theme = localStorage.getItem('m3m.theme')
  } catch {
    // Storage is refused: follow the system.
  }
  var dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('dark', dark)
})()
