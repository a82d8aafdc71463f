// A plugin of TypeDoc: a guide is called by its own first heading, and a README does not repeat the title that the site
// writes above it.
import { Converter } from 'typedoc'

export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
    const { title } = readHeading(document.content[0]?.text)
    if (title !== undefined) document.name = title.replaceAll('`', '')
  })

  // After the packages have been put together, which is when the root has its README.
  app.on('validateProject', (project) => {
    for (const { readme } of [project, ...(project.children ?? [])]) {
      const [first] = readme ?? []
      if (first !== undefined) first.text = first.text.slice(readHeading(first.text).length)
    }
  })
}

function readHeading(text = '') {
  const [heading = '', title] = /^\s*# (.+)\n/.exec(text) ?? []
  return { title, length: heading.length }
}
