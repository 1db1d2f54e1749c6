"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { authClient } from "@/lib/auth-client";

export default function SignIn() {
  const router = useRouter();
  const [isNew, setNew] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState("");

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [name, email, password] = ["name", "email", "password"].map((field) => String(form.get(field) ?? ""));
    setBusy(true);
    const answer = isNew
      ? await authClient.signUp.email({ name, email, password })
      : await authClient.signIn.email({ email, password });
    setBusy(false);
    if (answer.error) setError(answer.error.message ?? "That did not work. Try again.");
    else router.push("/");
  }

  return (
    <main className="card">
      <h1>{isNew ? "Create your account" : "Welcome back"}</h1>
      <form onSubmit={submit}>
        {isNew && (
          <label>
            Name
            <input name="name" autoComplete="name" required autoFocus />
          </label>
        )}
        <label>
          Email
          <input name="email" type="email" autoComplete="email" required />
        </label>
        <label>
          Password
          <input
            name="password"
            type="password"
            autoComplete={isNew ? "new-password" : "current-password"}
            minLength={8}
            required
          />
        </label>
        {error && <p role="alert">{error}</p>}
        <button className="primary" disabled={isBusy}>
          {isNew ? "Sign up" : "Sign in"}
        </button>
      </form>
      <button className="link" onClick={() => setNew(!isNew)}>
        {isNew ? "I have an account" : "I am new here"}
      </button>
    </main>
  );
}
