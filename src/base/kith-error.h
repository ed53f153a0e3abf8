/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KITH_ERROR (kith_error_quark ())

/**
 * KithError:
 * @KITH_ERROR_FAILED: something else; the message says what
 * @KITH_ERROR_INVALID: the caller's input is not valid; nothing was changed
 * @KITH_ERROR_TOO_BIG: the input is over a limit
 * @KITH_ERROR_NOT_FOUND: no such contact, request or message
 * @KITH_ERROR_AMBIGUOUS: several fit; the message lists them
 * @KITH_ERROR_NO_PROFILE: a profile has to be made first
 * @KITH_ERROR_REFUSED: nobody listens at that address and port
 * @KITH_ERROR_TIMEOUT: no answer in time
 * @KITH_ERROR_UNREACHABLE: the network knows no way there
 * @KITH_ERROR_NOT_KITH: something answered that does not speak KITH/1
 * @KITH_ERROR_WRONG_IDENTITY: somebody else answered than the one who was expected
 * @KITH_ERROR_SELF: that is our own address
 * @KITH_ERROR_PEER_CLOSED: the connection was lost without a BYE
 * @KITH_ERROR_NOT_CONTACT: the peer does not know us, or does not want to
 * @KITH_ERROR_DUPLICATE: another session to the same device stays
 * @KITH_ERROR_PROTOCOL: the peer broke the protocol
 * @KITH_ERROR_SHUTDOWN: the peer went offline in order
 * @KITH_ERROR_PORT_IN_USE: another program has the port
 * @KITH_ERROR_ADDRESS_UNAVAILABLE: this machine does not have the address
 * @KITH_ERROR_PERMISSION: the system does not allow it
 * @KITH_ERROR_BUSY: a limit of ours is reached; later it may work
 * @KITH_ERROR_CANCELLED: the user cancelled it
 * @KITH_ERROR_CLOSED: this object is closed already
 * @KITH_ERROR_WRONG_PASSPHRASE: that passphrase does not open it
 * @KITH_ERROR_PAUSED: too many wrong passphrases; the message says how long to wait
 * @KITH_ERROR_PROFILE_IN_USE: another process has the profile; the message names it
 * @KITH_ERROR_EXISTS: something of that name is there already
 * @KITH_ERROR_NEWER_VERSION: written by a newer version of Kith; nothing was changed
 * @KITH_ERROR_DAMAGED: a file is damaged or was tampered with; nothing was changed
 * @KITH_ERROR_NOT_A_BACKUP: the file is something else than a backup of Kith
 * @KITH_ERROR_DISK_FULL: no room left on the disk; nothing that was acknowledged is lost
 * @KITH_ERROR_DISK: the disk cannot be read or written (removed, read-only, failing)
 * @KITH_ERROR_LOCKED: the profile is locked
 * @KITH_ERROR_EXPIRED: the invite's time is over
 * @KITH_ERROR_BLOCKED_BY_PROXY: the proxy does not answer, or does not let it through
 * @KITH_ERROR_NOT_ADMITTED: we came with a passphrase and were not let in; nobody says why
 * @KITH_ERROR_WRONG_CLOCK: this machine's clock seems to be wrong
 * @KITH_ERROR_GARBLED: what came on a connection was damaged on its way
 * @KITH_ERROR_GARBLED_THERE: the peer says so of what we sent
 * @KITH_ERROR_NOT_UNDERSTOOD: the peer says that what we sent makes no sense to it
 * @KITH_ERROR_NOT_MEMBER: we, or they, are not in that group
 * @KITH_ERROR_NOT_ADMIN: only the group's admin can do that
 * @KITH_ERROR_WRONG_VAULT: the key of the vault opens nothing of the database beside it; nothing was changed
 * @KITH_ERROR_OLDER_COPY: the database is older than when it was last open
 * @KITH_ERROR_OTHER_DEVICE: the peer talks to another device that has our identity, and no more to us
 * @KITH_ERROR_NO_VAULT: there is a database, and no vault beside it; nothing was changed
 * @KITH_ERROR_NO_MEMORY: not enough memory is free to make a key of a passphrase; nothing was changed
 *
 * Error codes of the domain %KITH_ERROR. Words for people come from kith_explain_error().
 */
typedef enum
{
  KITH_ERROR_FAILED,
  KITH_ERROR_INVALID,
  KITH_ERROR_TOO_BIG,
  KITH_ERROR_NOT_FOUND,
  KITH_ERROR_AMBIGUOUS,
  KITH_ERROR_NO_PROFILE,
  KITH_ERROR_REFUSED,
  KITH_ERROR_TIMEOUT,
  KITH_ERROR_UNREACHABLE,
  KITH_ERROR_NOT_KITH,
  KITH_ERROR_WRONG_IDENTITY,
  KITH_ERROR_SELF,
  KITH_ERROR_PEER_CLOSED,
  KITH_ERROR_NOT_CONTACT,
  KITH_ERROR_DUPLICATE,
  KITH_ERROR_PROTOCOL,
  KITH_ERROR_SHUTDOWN,
  KITH_ERROR_PORT_IN_USE,
  KITH_ERROR_ADDRESS_UNAVAILABLE,
  KITH_ERROR_PERMISSION,
  KITH_ERROR_BUSY,
  KITH_ERROR_CANCELLED,
  KITH_ERROR_CLOSED,
  KITH_ERROR_WRONG_PASSPHRASE,
  KITH_ERROR_PAUSED,
  KITH_ERROR_PROFILE_IN_USE,
  KITH_ERROR_EXISTS,
  KITH_ERROR_NEWER_VERSION,
  KITH_ERROR_DAMAGED,
  KITH_ERROR_NOT_A_BACKUP,
  KITH_ERROR_DISK_FULL,
  KITH_ERROR_DISK,
  KITH_ERROR_LOCKED,
  KITH_ERROR_EXPIRED,
  KITH_ERROR_BLOCKED_BY_PROXY,
  KITH_ERROR_NOT_ADMITTED,
  KITH_ERROR_WRONG_CLOCK,
  KITH_ERROR_GARBLED,
  KITH_ERROR_GARBLED_THERE,
  KITH_ERROR_NOT_UNDERSTOOD,
  KITH_ERROR_NOT_MEMBER,
  KITH_ERROR_NOT_ADMIN,
  KITH_ERROR_WRONG_VAULT,
  KITH_ERROR_OLDER_COPY,
  KITH_ERROR_OTHER_DEVICE,
  KITH_ERROR_NO_VAULT,
  KITH_ERROR_NO_MEMORY,
} KithError;

#define KITH_ERROR_LAST KITH_ERROR_NO_MEMORY

/* The domain of these codes; their names for programs, and what other domains mean as one of them. */
GQuark      kith_error_quark           (void);
const char *kith_error_get_name        (KithError     code);
KithError   kith_error_code_from_gerror (const GError *error);
const char *kith_error_name_from_gerror (const GError *error);
/* Sets @error to one of %KITH_ERROR with @code, and gives FALSE. */
gboolean    kith_error_refuse          (GError      **error,
                                        KithError     code,
                                        const char   *message);

G_END_DECLS
