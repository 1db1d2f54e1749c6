"""The classic stack, as tutorials write it: FastAPI, a sync SQLModel session for each request, psycopg, PyJWT.

It is what Doable replaces. It counts nothing, keeps no history and has a plain `tasks` table of its own.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, HTTPException, Query, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import field_validator
from sqlalchemy import Column, DateTime
from sqlmodel import Field, Session, SQLModel, col, create_engine, select

engine = create_engine(os.environ["DATABASE_URL"], pool_size=10, max_overflow=5)
bearer = HTTPBearer()
app = FastAPI()


def now() -> datetime:
    return datetime.now(UTC)


def moment() -> Column[datetime]:
    return Column(DateTime(timezone=True), nullable=False)


class Task(SQLModel, table=True):
    __tablename__ = "tasks"

    id: int | None = Field(default=None, primary_key=True)
    user_id: str = Field(index=True)
    title: str = Field(max_length=255)
    description: str | None = Field(default=None, max_length=5000)
    status: str = "incomplete"
    created_at: datetime = Field(default_factory=now, sa_column=moment())
    updated_at: datetime = Field(default_factory=now, sa_column=moment())
    revision: int = 1


class TaskCreate(SQLModel):
    title: str = Field(min_length=1, max_length=255)
    description: str | None = Field(default=None, max_length=5000)

    @field_validator("title")
    @classmethod
    def trim(cls, value: str) -> str:
        return value.strip()


class TaskUpdate(SQLModel):
    title: str | None = Field(default=None, min_length=1, max_length=255)
    description: str | None = Field(default=None, max_length=5000)


class TaskRead(SQLModel):
    id: int
    user_id: str
    title: str
    description: str | None
    status: str
    created_at: datetime
    updated_at: datetime
    revision: int


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


def get_current_user(user_id: str, credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> str:
    try:
        claims = jwt.decode(
            credentials.credentials,
            os.environ["BETTER_AUTH_SECRET"],
            algorithms=["HS256"],
            options={"verify_aud": False},
        )
    except jwt.InvalidTokenError as error:
        raise HTTPException(401, "Invalid token") from error
    if claims["sub"] != user_id:
        raise HTTPException(403, "You can only access your own tasks")
    return user_id


SessionDep = Annotated[Session, Depends(get_session)]
CurrentUser = Annotated[str, Depends(get_current_user)]


def find(session: Session, user_id: str, task_id: int) -> Task:
    task = session.exec(select(Task).where(Task.user_id == user_id, Task.id == task_id)).first()
    if task is None:
        raise HTTPException(404, "Task not found")
    return task


def save(session: Session, task: Task) -> Task:
    session.add(task)
    session.commit()
    session.refresh(task)
    return task


@app.get("/api/{user_id}/tasks", response_model=list[TaskRead])
def list_tasks(
    user_id: CurrentUser,
    session: SessionDep,
    status: str | None = None,
    limit: Annotated[int | None, Query(ge=1, le=1000)] = None,
) -> list[Task]:
    query = select(Task).where(Task.user_id == user_id)
    if status:
        query = query.where(Task.status == status)
    return list(session.exec(query.order_by(col(Task.created_at).desc(), col(Task.id).desc()).limit(limit)).all())


@app.post("/api/{user_id}/tasks", response_model=TaskRead, status_code=201)
def create_task(user_id: CurrentUser, body: TaskCreate, session: SessionDep, response: Response) -> Task:
    task = save(session, Task(user_id=user_id, title=body.title, description=body.description))
    response.headers["Location"] = f"/api/{user_id}/tasks/{task.id}"
    return task


@app.get("/api/{user_id}/tasks/{task_id}", response_model=TaskRead)
def get_task(user_id: CurrentUser, task_id: int, session: SessionDep) -> Task:
    return find(session, user_id, task_id)


@app.put("/api/{user_id}/tasks/{task_id}", response_model=TaskRead)
def update_task(user_id: CurrentUser, task_id: int, body: TaskUpdate, session: SessionDep) -> Task:
    task = find(session, user_id, task_id)
    for name, value in body.model_dump(exclude_unset=True).items():
        setattr(task, name, value)
    task.updated_at = now()
    task.revision += 1
    return save(session, task)


@app.delete("/api/{user_id}/tasks/{task_id}", status_code=204)
def delete_task(user_id: CurrentUser, task_id: int, session: SessionDep) -> None:
    session.delete(find(session, user_id, task_id))
    session.commit()


@app.patch("/api/{user_id}/tasks/{task_id}/complete", response_model=TaskRead)
def complete_task(user_id: CurrentUser, task_id: int, session: SessionDep) -> Task:
    task = find(session, user_id, task_id)
    task.status = "complete"
    task.updated_at = now()
    task.revision += 1
    return save(session, task)
