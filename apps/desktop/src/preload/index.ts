import { contextBridge, ipcRenderer } from 'electron'
import { PORT_CALL, PORT_EVENT } from '../shared/desktop-port.ts'
import { createPort } from './port.ts'

// All that a page gets of Electron. It runs sandboxed, so it is built as CommonJS with nothing required but
// electron; arguments are checked in main, which does not trust this side of the border.
const port = createPort({
  platform: process.platform as 'darwin' | 'linux' | 'win32',
  invoke: (call) => ipcRenderer.invoke(PORT_CALL, call),
  listen: (listener) => {
    ipcRenderer.on(PORT_EVENT, (_event, name, value) => listener(name, value))
  },
})

contextBridge.exposeInMainWorld('m3m', port)
