"""What a newcomer does in the first minute."""

from playwright.sync_api import Browser, expect

from browsing import PASSWORD, Person, add_tasks, device
from processes import Service


def test_somebody_signs_up_adds_a_task_and_completes_it(browser: Browser, web: Service) -> None:
    with device(browser, web.url) as context:
        page = context.new_page()
        page.goto("/")
        page.get_by_role("button", name="Sign up").click()
        page.get_by_label("Name").fill("Ada")
        page.get_by_label("Email").fill("newcomer@example.com")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign up").click()
        add_tasks(page, "Water the plants")
        row = page.get_by_role("listitem").filter(has=page.get_by_role("checkbox", name="Water the plants", exact=True))
        expect(row).to_be_visible()
        row.get_by_role("checkbox").click()
        expect(row).to_have_count(0)


def test_two_devices_of_one_person_follow_each_other(person: Person) -> None:
    desk, phone = person("Ada"), person("Ada")
    add_tasks(desk, "Call Bob")
    expect(phone.get_by_role("checkbox", name="Call Bob", exact=True)).to_be_visible(timeout=2000)


def test_the_next_person_sees_nothing_of_the_last(person: Person) -> None:
    page = person("Ada")
    add_tasks(page, "A secret of Ada")
    expect(page.get_by_role("checkbox", name="A secret of Ada")).to_be_visible()
    bob = person("Bob")
    bob.get_by_role("link", name="Inbox").click()
    expect(bob.get_by_role("checkbox")).to_have_count(0)
