// A plugin of TypeDoc: a guide is called by its own first heading, which the site shows above the text anyway.
import { Converter } from 'typedoc'

export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
    const [first] = document.content
    const [heading = '', title] = /^\s*# (.+)\n/.exec(first?.text ?? '') ?? []
    if (title === undefined) return
    document.name = title.replaceAll('`', '')
    first.text = first.text.slice(heading.length)
  })
}
