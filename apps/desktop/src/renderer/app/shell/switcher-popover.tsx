import { useState, type ReactNode } from 'react'
import { Popover, PopoverContent, PopoverTrigger } from '@/ui/popover.tsx'
import { SwitcherList } from './switcher-list.tsx'

/** Open from the start: it is loaded because somebody asked for it. */
export function SwitcherPopover({ children }: { children: ReactNode }) {
  const [isOpen, setOpen] = useState(true)
  return (
    <Popover open={isOpen} onOpenChange={setOpen}>
      <PopoverTrigger asChild>{children}</PopoverTrigger>
      <PopoverContent className="w-72 p-0">
        <SwitcherList onDone={() => setOpen(false)} />
      </PopoverContent>
    </Popover>
  )
}
