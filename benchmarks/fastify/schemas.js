// What both forms share: the shapes on the wire, and how PostgreSQL's types become JavaScript's.

import pg from 'pg'

export const task = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    user_id: { type: 'string' },
    title: { type: 'string' },
    description: { type: ['string', 'null'] },
    status: { type: 'string', enum: ['incomplete', 'complete'] },
    created_at: { type: 'string', format: 'date-time' },
    updated_at: { type: 'string', format: 'date-time' },
    revision: { type: 'integer' },
  },
}

export const list = { type: 'array', items: task }

const title = { type: 'string', minLength: 1, maxLength: 255 }
const description = { type: ['string', 'null'], maxLength: 5000 }

export const creation = {
  type: 'object',
  required: ['title'],
  additionalProperties: false,
  properties: { title, description },
}

export const update = {
  type: 'object',
  minProperties: 1,
  additionalProperties: false,
  properties: { title, description },
}

export const owner = {
  type: 'object',
  properties: { user_id: { type: 'string' } },
}

export const one = {
  type: 'object',
  properties: { user_id: { type: 'string' }, id: { type: 'integer', minimum: 1 } },
}

export const query = {
  type: 'object',
  properties: {
    status: { type: 'string', enum: ['incomplete', 'complete'] },
    limit: { type: 'integer', minimum: 1, maximum: 1000 },
  },
}

// bigint would be a string, and a Date would lose the microseconds that the other contenders answer with.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => `${text.slice(0, 10)}T${text.slice(11, -3)}Z`)

// Every contender has this pool: 10 connections, and 5 more under load. The address is in PGHOST and so on.
export const pool = new pg.Pool({ max: 15 })
