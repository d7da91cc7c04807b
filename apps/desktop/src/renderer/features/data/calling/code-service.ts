import { type Call, batchOf, expansions, fileField, numberField, type Target } from './calls.ts'
import { literalOf } from './code-text.ts'
import { SAMPLE_ID, sampleChange, sampleFilter, sampleRecord } from './samples.ts'

/** The call in the code of a service, which needs no key: it is in the project. */
export function serviceCode(call: Call, target: Target): string {
  const { model, filter, sort } = target
  const isWord = /^[A-Za-z_$][\w$]*$/.test(model.slug)
  const name = isWord ? `database.${model.slug}` : `database.collection('${model.slug}')`
  const asked = filter ? JSON.stringify(filter) : '{}'
  const order = JSON.stringify(sort || '-createdAt')
  const file = fileField(model)?.key ?? 'file'
  const id = target.id ?? SAMPLE_ID
  switch (call) {
    case 'list':
      return `const records = await ${name}.find(${asked}, { sort: ${order}, limit: 50 })\n\nconst { items, total } = await ${name}.paginate(${asked}, { page: 1, pageSize: 50 })`
    case 'search':
      return `const { items, total } = await ${name}.paginate({}, { search: 'two words', pageSize: 20 })`
    case 'pages':
      return `for await (const record of ${name}.stream(${asked}, { sort: ${order} })) {\n  logger.info(record.id)\n}`
    case 'expand':
      return `const records = await ${name}.find(${asked}, {\n  expand: '${expansions(target).join()}',\n  limit: 20,\n})\nfor (const { id, expand } of records) logger.info(id, expand)`
    case 'get':
      return `const record = await ${name}.findById('${id}')\n// null when there is none`
    case 'aggregate':
      return `const rows = await ${name}.aggregate(${literalOf(pipelineOf(target))})`
    case 'realtime':
      return `events.onRecord('${model.slug}', 'insert', async (change) => {\n  logger.info('new record', change.record)\n})`
    case 'create':
      return `const record = await ${name}.insert(${literalOf(sampleRecord(model))})`
    case 'update':
      return `const record = await ${name}.update('${SAMPLE_ID}', ${literalOf(sampleChange(model))})`
    case 'match':
      return `await database.batch(${literalOf([{ model: model.slug, op: 'update', id: SAMPLE_ID, version: 3, data: sampleChange(model) }])})`
    case 'upsert':
      return `const record = await ${name}.upsert(${JSON.stringify(sampleFilter(model))}, ${literalOf(sampleRecord(model))})`
    case 'delete':
      return `await ${name}.delete('${SAMPLE_ID}')`
    case 'bulk':
      return `const records = await ${name}.insertMany(${literalOf([sampleRecord(model), sampleRecord(model)])})`
    case 'batch':
      return `const records = await database.batch(${literalOf(batchOf(target))})`
    case 'upload':
      return `await storage.write('picture.png', bytes)\nconst record = await ${name}.insert(${literalOf({ ...sampleRecord(model), [file]: 'picture.png' })})`
    case 'file':
      return `const record = await ${name}.findById('${id}')\nif (record?.${file}) logger.info(await storage.stat(record.${file}))`
  }
}

/** Groups as `figuresOf` makes them, in MongoDB's words. */
function pipelineOf({ model }: Target): object[] {
  const group = model.fields.find(({ type }) => type === 'select' || type === 'bool')
  const number = numberField(model)
  const by = group ? `$${group.key}` : { $dateTrunc: { date: '$createdAt', unit: 'month' } }
  return [
    { $group: { _id: by, count: { $sum: 1 }, ...(number && { total: { $sum: `$${number.key}` } }) } },
    { $sort: { count: -1 } },
  ]
}
