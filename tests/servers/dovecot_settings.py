"""The dovecot.conf of a private, unprivileged Dovecot 2.3, and the reason for each odd line."""

from __future__ import annotations

import grp
import os
import pwd
from typing import TYPE_CHECKING

from tests.servers.place import LOOPBACK, server_user

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.certificates import ServerCertificate

_LAYOUT = """\
protocols = imap
listen = {host}
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log

# One user for everything: without root there is nobody to change to, and no chroot.
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
service imap-login {{
  chroot =
  # One process serves every login: a process each costs 10 ms.
  service_count = 0
  process_min_avail = 1
  inet_listener imap {{
    address = {host}
    port = {port}
  }}
  inet_listener imaps {{
    address = {host}
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  # A wrong password is tried on purpose; without this the next login waits for seconds.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}

ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
# The static database compares whatever the mechanism hands over: a password or an access token.
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}

mail_location = maildir:~/Maildir
# Dovecot refuses users below 500 unless told.
first_valid_uid = 1
mail_max_userip_connections = 200
# A power cut is not among the tests, and waiting for the disk makes them slow.
mail_fsync = never
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
  mailbox Processed {{
    auto = create
  }}
}}
"""


def render_settings(
    folder: Path, *, port: int, tls_port: int, certificate: ServerCertificate, password: str
) -> str:
    user = server_user() or pwd.getpwuid(os.getuid())
    return _LAYOUT.format(
        folder=folder,
        host=LOOPBACK,
        port=port,
        tls_port=tls_port,
        user=user.pw_name,
        group=grp.getgrgid(user.pw_gid).gr_name,
        certificate=certificate.certificate_file,
        key=certificate.key_file,
        password=password,
    )
