import { CheckIcon, CopyIcon } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, type ButtonProps } from '@/ui/button.tsx'

interface CopyButtonProps extends Omit<ButtonProps, 'onClick' | 'value'> {
  value: string
  /** What is copied, for the accessible name. */
  label: string
  /** Draws the label beside the icon. */
  showLabel?: boolean
}

export function CopyButton({
  value,
  label,
  showLabel,
  variant = 'ghost',
  size = 'icon-sm',
  ...props
}: CopyButtonProps) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1_500)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = () => {
    void writeClipboard(value).then(setCopied)
  }
  return (
    <Button variant={variant} size={size} onClick={copy} aria-label={label} title={label} {...props}>
      {copied ? <CheckIcon className="text-running" /> : <CopyIcon />}
      {showLabel ? <span>{copied ? t('action.copied') : label}</span> : null}
      <span className="sr-only" aria-live="polite">
        {copied ? t('action.copied') : ''}
      </span>
    </Button>
  )
}

/** Plain http off loopback has no clipboard API: the old way by a selection still works there. */
async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const area = document.createElement('textarea')
    area.value = text
    area.style.position = 'fixed'
    area.style.opacity = '0'
    document.body.append(area)
    area.select()
    const copied = document.execCommand('copy')
    area.remove()
    return copied
  }
}
