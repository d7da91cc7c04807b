import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { openConnection } from './app/connection/open-connection.ts'
import { openCatalogue } from './i18n/index.ts'
import './styles.css'

// The agent was updated while this page was open: the parts it would load now are gone, the new ones are there.
addEventListener('vite:preloadError', (event) => {
  const key = 'm3m.reloadedAt'
  if (Date.now() - Number(sessionStorage.getItem(key)) < 60_000) return
  event.preventDefault()
  sessionStorage.setItem(key, String(Date.now()))
  location.reload()
})

const [landing] = await Promise.all([openConnection(), openCatalogue()])
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App landing={landing} />
  </StrictMode>,
)
