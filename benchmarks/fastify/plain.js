// The six endpoints as a Node team usually writes them: Fastify with schemas, pg, @fastify/jwt.

import jwt from '@fastify/jwt'
import Fastify from 'fastify'

import { creation, list, one, owner, pool, query, task, update } from './schemas.js'

const app = Fastify({ bodyLimit: 1024 * 1024 })

await app.register(jwt, { secret: process.env.BETTER_AUTH_SECRET, verify: { algorithms: ['HS256'] } })

app.addHook('onRequest', async (request, reply) => {
  try {
    await request.jwtVerify()
  } catch {
    return reply.code(401).send({ error: 'Not authenticated' })
  }
  if (request.user.sub !== request.params.user_id) {
    return reply.code(403).send({ error: 'You can only access your own tasks' })
  }
})

const COLUMNS = 'id, user_id, title, description, status, created_at, updated_at, revision'

function send(reply, rows) {
  if (rows.length === 0) {
    return reply.code(404).send({ error: 'Task not found' })
  }
  return reply.send(rows[0])
}

app.get('/api/:user_id/tasks', { schema: { params: owner, querystring: query, response: { 200: list } } }, async (request) => {
  const { status, limit } = request.query
  const { rows } = await pool.query(
    `SELECT ${COLUMNS} FROM tasks WHERE user_id = $1 AND ($2::text IS NULL OR status = $2)
     ORDER BY created_at DESC, id DESC LIMIT $3`,
    [request.params.user_id, status, limit],
  )
  return rows
})

app.post('/api/:user_id/tasks', { schema: { params: owner, body: creation, response: { 201: task } } }, async (request, reply) => {
  const { title, description } = request.body
  const { rows } = await pool.query(
    `INSERT INTO tasks (user_id, title, description) VALUES ($1, $2, $3) RETURNING ${COLUMNS}`,
    [request.params.user_id, title.trim(), description],
  )
  return reply.code(201).header('location', `/api/${request.params.user_id}/tasks/${rows[0].id}`).send(rows[0])
})

app.get('/api/:user_id/tasks/:id', { schema: { params: one, response: { 200: task } } }, async (request, reply) => {
  const { rows } = await pool.query(`SELECT ${COLUMNS} FROM tasks WHERE user_id = $1 AND id = $2`, [
    request.params.user_id,
    request.params.id,
  ])
  return send(reply, rows)
})

app.put('/api/:user_id/tasks/:id', { schema: { params: one, body: update, response: { 200: task } } }, async (request, reply) => {
  const { title, description } = request.body
  const { rows } = await pool.query(
    `UPDATE tasks SET title = coalesce($3, title), description = CASE WHEN $4 THEN $5 ELSE description END,
            updated_at = now(), revision = revision + 1
     WHERE user_id = $1 AND id = $2 RETURNING ${COLUMNS}`,
    [request.params.user_id, request.params.id, title?.trim(), description !== undefined, description],
  )
  return send(reply, rows)
})

app.patch('/api/:user_id/tasks/:id/complete', { schema: { params: one, response: { 200: task } } }, async (request, reply) => {
  const { rows } = await pool.query(
    `UPDATE tasks SET status = 'complete', updated_at = now(), revision = revision + 1
     WHERE user_id = $1 AND id = $2 RETURNING ${COLUMNS}`,
    [request.params.user_id, request.params.id],
  )
  return send(reply, rows)
})

app.delete('/api/:user_id/tasks/:id', { schema: { params: one } }, async (request, reply) => {
  const { rowCount } = await pool.query('DELETE FROM tasks WHERE user_id = $1 AND id = $2', [
    request.params.user_id,
    request.params.id,
  ])
  return rowCount === 0 ? reply.code(404).send({ error: 'Task not found' }) : reply.code(204).send()
})

await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
