// Imported by a program, first of all: tells the parent process on which port it listens.
import * as http from 'node:http'
import * as net from 'node:net'

// In Bun the server of node:http is none of node:net.
for (const { prototype } of [net.Server, http.Server]) {
  const { listen } = prototype
  prototype.listen = function (...args) {
    this.once('listening', () => process.send(this.address().port))
    return listen.apply(this, args)
  }
}
