import { redirect } from "next/navigation";
import { Tasks } from "@/components/tasks";
import { page } from "@/lib/tasks";

export default async function Home() {
  const found = await page();
  if (!found) redirect("/sign-in");
  return <Tasks user={found.user} first={found.tasks} />;
}
