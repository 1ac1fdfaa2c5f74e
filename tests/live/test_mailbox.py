from threading import Thread

from vedette.live.mailbox import Mailbox


def test_the_newest_letter_is_read_and_no_other() -> None:
    mailbox: Mailbox[str] = Mailbox()
    letters = iter(mailbox)
    mailbox.put("old")
    mailbox.put("new")
    assert next(letters) == "new"
    mailbox.put("newer")
    assert next(letters) == "newer"


def test_who_is_only_woken_finds_nothing() -> None:
    mailbox: Mailbox[str] = Mailbox()
    mailbox.wake()
    mailbox.wake()
    letters = iter(mailbox)
    assert next(letters) is None
    mailbox.put("a letter")
    assert next(letters) == "a letter"


def test_the_end_comes_before_what_lies_there() -> None:
    mailbox: Mailbox[str] = Mailbox()
    mailbox.put("a letter")
    mailbox.end()
    assert list(mailbox) == []


def test_a_thread_reads_in_order_and_the_last_letter_is_not_left_lying() -> None:
    mailbox: Mailbox[int] = Mailbox()
    read: list[int] = []

    def read_all() -> None:
        for letter in mailbox:
            if letter is not None:
                read.append(letter)
            if letter == 20_000:
                return

    thread = Thread(target=read_all, daemon=True)
    thread.start()
    for number in range(1, 20_001):
        mailbox.put(number)
    thread.join(20)
    assert read[-1] == 20_000
    assert read == sorted(set(read))


def test_the_end_reaches_a_thread_that_waits() -> None:
    mailbox: Mailbox[int] = Mailbox()
    thread = Thread(target=lambda: list(mailbox), daemon=True)
    thread.start()
    mailbox.end()
    thread.join(20)
    assert not thread.is_alive()
