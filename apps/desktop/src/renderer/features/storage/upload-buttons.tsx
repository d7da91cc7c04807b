import { FileUpIcon, FolderUpIcon, UploadIcon } from 'lucide-react'
import { useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { Menu, MenuContent, MenuItem, MenuTrigger } from '@/ui/menu.tsx'
import { chosenFiles, type LocalFile } from './dropped-files.ts'

interface UploadProps {
  onUpload: (files: LocalFile[]) => void
}

/** In the toolbar: files or a folder, behind one button. */
export function UploadMenu({ onUpload }: UploadProps) {
  const { t } = useTranslation()
  const { chooseFiles, chooseFolder, inputs } = useChooser(onUpload, 'upload-files')
  return (
    <>
      <Menu>
        <MenuTrigger asChild>
          <Button>
            <UploadIcon /> <span className="max-sm:sr-only">{t('storage.upload')}</span>
          </Button>
        </MenuTrigger>
        <MenuContent align="end">
          <MenuItem onSelect={chooseFiles}>
            <FileUpIcon /> {t('storage.uploadFiles')}
          </MenuItem>
          <MenuItem onSelect={chooseFolder}>
            <FolderUpIcon /> {t('storage.uploadFolder')}
          </MenuItem>
        </MenuContent>
      </Menu>
      {inputs}
    </>
  )
}

/** In the middle of an empty folder: what there is to do, in the open. */
export function UploadChoices({ onUpload }: UploadProps) {
  const { t } = useTranslation()
  const { chooseFiles, chooseFolder, inputs } = useChooser(onUpload)
  return (
    <div className="flex flex-wrap justify-center gap-2">
      <Button onClick={chooseFiles}>
        <FileUpIcon /> {t('storage.chooseFiles')}
      </Button>
      <Button variant="outline" onClick={chooseFolder}>
        <FolderUpIcon /> {t('storage.chooseFolder')}
      </Button>
      {inputs}
    </div>
  )
}

/** The two choosers of the browser; `inputs` has to be drawn. */
function useChooser(onUpload: UploadProps['onUpload'], testId?: string) {
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const take = (input: HTMLInputElement) => {
    onUpload(chosenFiles(input.files ?? []))
    input.value = ''
  }
  const inputs: ReactNode = (
    <>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        onChange={(event) => take(event.target)}
        data-testid={testId}
      />
      <input
        ref={(input) => {
          folder.current = input
          input?.setAttribute('webkitdirectory', '')
        }}
        type="file"
        multiple
        hidden
        onChange={(event) => take(event.target)}
      />
    </>
  )
  return {
    chooseFiles: () => files.current?.click(),
    chooseFolder: () => folder.current?.click(),
    inputs,
  }
}
