// An ignore plugin of Stryker: leaves out the words that an error says to people.

/** Three words with a space between them are a sentence; no name of a protocol has two spaces. */
const sentence = /\S \S+ \S/

function toText(node) {
  if (node.type === 'StringLiteral') return node.value
  if (node.type === 'TemplateLiteral') return node.quasis.map((quasi) => quasi.value.raw).join('…')
  return ''
}

function isArgument(path) {
  const { parentPath } = path
  if (parentPath?.isBinaryExpression({ operator: '+' })) return isArgument(parentPath)
  return parentPath?.isNewExpression() || parentPath?.isCallExpression() || false
}

export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'messages',
    value: {
      shouldIgnore: (path) =>
        sentence.test(toText(path.node)) && isArgument(path) ? 'the words of an error are for people' : undefined,
    },
  },
]
