"""Passwords of the people in logins.csv."""

from concurrent.futures import ThreadPoolExecutor

from .world import read_csv


class Passwords:
    """Hashing a password takes half a second on purpose. All of them are hashed in a
    second thread while the database is at work."""

    def __init__(self, world):
        self.world = world
        context = world.env["res.users"]._crypt_context()
        pool = ThreadPoolExecutor(1)
        self.hashes = {
            row["login"]: pool.submit(context.hash, row["password"])
            for row in read_csv("logins.csv")
            if row["login"] != "admin"
        }
        pool.shutdown(wait=False)

    def set_all(self):
        for login, found in self.hashes.items():
            user = self.world.users[login]
            user._set_encrypted_password(user.id, found.result())
