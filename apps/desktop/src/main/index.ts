import { app, protocol } from 'electron'
import { runDesktop } from './shell/lifecycle.ts'

// Before `ready`: app:// behaves like https (own origin, secure context, fetch) and like nothing else.
protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
])
app.enableSandbox()

// A second start hands its link to the first and ends.
if (app.requestSingleInstanceLock()) runDesktop()
else app.quit()
