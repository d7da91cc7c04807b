import { DownloadIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFileDownload } from '@/app/files/use-file-download.ts'
import { useProject } from '@/app/project/project-context.ts'
import { Button } from '@/ui/button.tsx'
import { Checkbox } from '@/ui/checkbox.tsx'
import { Section } from '@/ui/page.tsx'

const CHOICES = ['records', 'revisions', 'files', 'secrets'] as const
type Choice = (typeof CHOICES)[number]

/** The whole project as one file, for another agent or to stand beside itself. */
export function ExportSection() {
  const { t } = useTranslation()
  const { id, slug } = useProject()
  const download = useFileDownload()
  const [chosen, setChosen] = useState<Record<Choice, boolean>>({
    records: true,
    revisions: true,
    files: true,
    secrets: false,
  })
  const isUseless = (choice: Choice) => choice === 'revisions' && !chosen.records
  const save = () => {
    const query = CHOICES.map((choice) => `${choice}=${chosen[choice] && !isUseless(choice)}`).join('&')
    void download(`/files/exports/${id}`, `${slug}.m3m.tar.zst`, query)
  }
  return (
    <Section title={t('moving.export')} description={t('moving.exportHint')}>
      <div className="grid gap-3 p-4">
        <p className="text-sm text-muted-foreground">{t('moving.always')}</p>
        <div className="grid gap-2 sm:grid-cols-2">
          {CHOICES.map((choice) => (
            <label key={choice} className="flex items-start gap-2 text-sm">
              <Checkbox
                className="mt-0.5"
                checked={chosen[choice] && !isUseless(choice)}
                disabled={isUseless(choice)}
                onCheckedChange={(isOn) => setChosen({ ...chosen, [choice]: isOn === true })}
              />
              <span>
                {t(`moving.with.${choice}`)}
                <span className="block text-xs text-muted-foreground">{t(`moving.withHint.${choice}`)}</span>
              </span>
            </label>
          ))}
        </div>
      </div>
      <footer className="flex justify-end border-t px-4 py-2.5">
        <Button variant="outline" onClick={save}>
          <DownloadIcon /> {t('moving.exportAction')}
        </Button>
      </footer>
    </Section>
  )
}
