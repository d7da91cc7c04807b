import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { openConnection } from './app/connection/open-connection.ts'
import { openCatalogue } from './i18n/index.ts'
import './styles.css'

const [landing] = await Promise.all([openConnection(), openCatalogue()])
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App landing={landing} />
  </StrictMode>,
)
