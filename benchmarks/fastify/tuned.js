// The same six endpoints by a Node team that has profiled them: verified tokens are remembered, statements are prepared
// under a name, and the JSON is made in PostgreSQL and passed on as text.

import jwt from '@fastify/jwt'
import Fastify from 'fastify'

import { creation, one, owner, pool, query, update } from './schemas.js'

const app = Fastify({ bodyLimit: 1024 * 1024 })

await app.register(jwt, { secret: process.env.BETTER_AUTH_SECRET, verify: { algorithms: ['HS256'] } })

const REMEMBERED = 10_000
const remembered = new Map()

function subject(authorization) {
  const known = remembered.get(authorization)
  if (known !== undefined && known.exp * 1000 > Date.now()) {
    return known.sub
  }
  if (!authorization?.startsWith('Bearer ')) {
    return undefined
  }
  try {
    const claims = app.jwt.verify(authorization.slice(7))
    if (remembered.size >= REMEMBERED) {
      remembered.delete(remembered.keys().next().value)
    }
    remembered.set(authorization, claims)
    return claims.sub
  } catch {
    return undefined
  }
}

app.addHook('onRequest', (request, reply, done) => {
  const user = subject(request.headers.authorization)
  if (user === undefined) {
    reply.code(401).send({ error: 'Not authenticated' })
  } else if (user !== request.params.user_id) {
    reply.code(403).send({ error: 'You can only access your own tasks' })
  } else {
    done()
  }
})

const JSON_TYPE = 'application/json; charset=utf-8'
const utc = (column) => `replace((${column} AT TIME ZONE 'UTC')::text, ' ', 'T') || 'Z'`
const row = `row_to_json((SELECT r FROM (SELECT t.id, t.user_id, t.title, t.description, t.status,
  ${utc('t.created_at')} AS created_at, ${utc('t.updated_at')} AS updated_at, t.revision) r))::text`

function send(reply, rows) {
  if (rows.length === 0) {
    reply.code(404).send({ error: 'Task not found' })
  } else {
    reply.header('content-type', JSON_TYPE).send(rows[0].json)
  }
  return reply
}

const LIST = `SELECT '[' || coalesce(string_agg(${row}, ','), '') || ']' AS json FROM (
  SELECT * FROM tasks WHERE user_id = $1 AND ($2::text IS NULL OR status = $2)
  ORDER BY created_at DESC, id DESC LIMIT $3) t`

app.get('/api/:user_id/tasks', { schema: { params: owner, querystring: query } }, async (request, reply) => {
  const { status, limit } = request.query
  const { rows } = await pool.query({ name: 'list', text: LIST, values: [request.params.user_id, status, limit] })
  return send(reply, rows)
})

const CREATE = `WITH t AS (INSERT INTO tasks (user_id, title, description) VALUES ($1, $2, $3) RETURNING *)
  SELECT id, ${row} AS json FROM t`

app.post('/api/:user_id/tasks', { schema: { params: owner, body: creation } }, async (request, reply) => {
  const { title, description } = request.body
  const user = request.params.user_id
  const { rows } = await pool.query({ name: 'create', text: CREATE, values: [user, title.trim(), description] })
  return send(reply.code(201).header('location', `/api/${user}/tasks/${rows[0].id}`), rows)
})

const GET = `SELECT ${row} AS json FROM tasks t WHERE user_id = $1 AND id = $2`

app.get('/api/:user_id/tasks/:id', { schema: { params: one } }, async (request, reply) => {
  const { user_id, id } = request.params
  const { rows } = await pool.query({ name: 'get', text: GET, values: [user_id, id] })
  return send(reply, rows)
})

const UPDATE = `UPDATE tasks t SET title = coalesce($3, title), description = CASE WHEN $4 THEN $5 ELSE description END,
  updated_at = now(), revision = revision + 1 WHERE user_id = $1 AND id = $2 RETURNING ${row} AS json`

app.put('/api/:user_id/tasks/:id', { schema: { params: one, body: update } }, async (request, reply) => {
  const { user_id, id } = request.params
  const { title, description } = request.body
  const values = [user_id, id, title?.trim(), description !== undefined, description]
  const { rows } = await pool.query({ name: 'update', text: UPDATE, values })
  return send(reply, rows)
})

const COMPLETE = `UPDATE tasks t SET status = 'complete', updated_at = now(), revision = revision + 1
  WHERE user_id = $1 AND id = $2 RETURNING ${row} AS json`

app.patch('/api/:user_id/tasks/:id/complete', { schema: { params: one } }, async (request, reply) => {
  const { user_id, id } = request.params
  const { rows } = await pool.query({ name: 'complete', text: COMPLETE, values: [user_id, id] })
  return send(reply, rows)
})

const DELETE = 'DELETE FROM tasks WHERE user_id = $1 AND id = $2'

app.delete('/api/:user_id/tasks/:id', { schema: { params: one } }, async (request, reply) => {
  const { user_id, id } = request.params
  const { rowCount } = await pool.query({ name: 'delete', text: DELETE, values: [user_id, id] })
  return rowCount === 0 ? reply.code(404).send({ error: 'Task not found' }) : reply.code(204).send()
})

await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
