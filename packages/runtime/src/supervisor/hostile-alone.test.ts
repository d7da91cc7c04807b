import { test } from 'vitest'
import { hostileSuite } from '../testing/hostile-suite.ts'

hostileSuite(test, 'process')
