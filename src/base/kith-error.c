/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-error.h"

#include <gio/gio.h>

G_DEFINE_QUARK (kith-error-quark, kith_error)

static const char *const names[] = {
  [KITH_ERROR_FAILED] = "failed",
  [KITH_ERROR_INVALID] = "invalid",
  [KITH_ERROR_TOO_BIG] = "too-big",
  [KITH_ERROR_NOT_FOUND] = "not-found",
  [KITH_ERROR_AMBIGUOUS] = "ambiguous",
  [KITH_ERROR_NO_PROFILE] = "no-profile",
  [KITH_ERROR_REFUSED] = "refused",
  [KITH_ERROR_TIMEOUT] = "timeout",
  [KITH_ERROR_UNREACHABLE] = "unreachable",
  [KITH_ERROR_NOT_KITH] = "not-kith",
  [KITH_ERROR_WRONG_IDENTITY] = "wrong-identity",
  [KITH_ERROR_SELF] = "self",
  [KITH_ERROR_PEER_CLOSED] = "peer-closed",
  [KITH_ERROR_NOT_CONTACT] = "not-contact",
  [KITH_ERROR_DUPLICATE] = "duplicate",
  [KITH_ERROR_PROTOCOL] = "protocol",
  [KITH_ERROR_SHUTDOWN] = "shutdown",
  [KITH_ERROR_PORT_IN_USE] = "port-in-use",
  [KITH_ERROR_ADDRESS_UNAVAILABLE] = "address-unavailable",
  [KITH_ERROR_PERMISSION] = "permission",
  [KITH_ERROR_BUSY] = "busy",
  [KITH_ERROR_CANCELLED] = "cancelled",
  [KITH_ERROR_CLOSED] = "closed",
  [KITH_ERROR_WRONG_PASSPHRASE] = "wrong-passphrase",
  [KITH_ERROR_PAUSED] = "paused",
  [KITH_ERROR_PROFILE_IN_USE] = "profile-in-use",
  [KITH_ERROR_EXISTS] = "exists",
  [KITH_ERROR_NEWER_VERSION] = "newer-version",
  [KITH_ERROR_DAMAGED] = "damaged",
  [KITH_ERROR_NOT_A_BACKUP] = "not-a-backup",
  [KITH_ERROR_DISK_FULL] = "disk-full",
  [KITH_ERROR_DISK] = "disk",
  [KITH_ERROR_LOCKED] = "locked",
  [KITH_ERROR_EXPIRED] = "expired",
  [KITH_ERROR_BLOCKED_BY_PROXY] = "blocked-by-proxy",
  [KITH_ERROR_NOT_ADMITTED] = "not-admitted",
  [KITH_ERROR_WRONG_CLOCK] = "wrong-clock",
  [KITH_ERROR_GARBLED] = "garbled",
  [KITH_ERROR_GARBLED_THERE] = "garbled-there",
  [KITH_ERROR_NOT_UNDERSTOOD] = "not-understood",
  [KITH_ERROR_NOT_MEMBER] = "not-member",
  [KITH_ERROR_NOT_ADMIN] = "not-admin",
  [KITH_ERROR_WRONG_VAULT] = "wrong-vault",
  [KITH_ERROR_OLDER_COPY] = "older-copy",
  [KITH_ERROR_OTHER_DEVICE] = "other-device",
  [KITH_ERROR_NO_VAULT] = "no-vault",
  [KITH_ERROR_NO_MEMORY] = "no-memory",
};

G_STATIC_ASSERT (G_N_ELEMENTS (names) == KITH_ERROR_LAST + 1);

/**
 * kith_error_get_name:
 * @code: a #KithError
 *
 * The name of an error code for machines, as the JSON interface of `kith-cli` gives it. Names
 * are stable: they are added to, never renamed.
 *
 * Returns: a static string
 */
const char *
kith_error_get_name (KithError code)
{
  if ((guint) code >= G_N_ELEMENTS (names))
    return names[KITH_ERROR_FAILED];

  return names[code];
}

/**
 * kith_error_code_from_gerror:
 * @error: (nullable): an error of any domain
 *
 * What an error means to us: the usual ones of GIO say the same as ours. Any thread.
 *
 * Returns: a #KithError; %KITH_ERROR_FAILED for what has no code of its own
 */
KithError
kith_error_code_from_gerror (const GError *error)
{
  static const struct
  {
    GIOErrorEnum theirs;
    KithError    ours;
  } same[] = {
    { G_IO_ERROR_ADDRESS_IN_USE, KITH_ERROR_PORT_IN_USE },
    { G_IO_ERROR_BUSY, KITH_ERROR_BUSY },
    { G_IO_ERROR_CANCELLED, KITH_ERROR_CANCELLED },
    { G_IO_ERROR_CLOSED, KITH_ERROR_CLOSED },
    { G_IO_ERROR_CONNECTION_CLOSED, KITH_ERROR_PEER_CLOSED },
    { G_IO_ERROR_CONNECTION_REFUSED, KITH_ERROR_REFUSED },
    { G_IO_ERROR_HOST_UNREACHABLE, KITH_ERROR_UNREACHABLE },
    { G_IO_ERROR_INVALID_ARGUMENT, KITH_ERROR_INVALID },
    { G_IO_ERROR_IS_DIRECTORY, KITH_ERROR_INVALID },
    { G_IO_ERROR_MESSAGE_TOO_LARGE, KITH_ERROR_TOO_BIG },
    { G_IO_ERROR_NETWORK_UNREACHABLE, KITH_ERROR_UNREACHABLE },
    { G_IO_ERROR_NOT_FOUND, KITH_ERROR_NOT_FOUND },
    { G_IO_ERROR_EXISTS, KITH_ERROR_EXISTS },
    { G_IO_ERROR_NO_SPACE, KITH_ERROR_DISK_FULL },
    { G_IO_ERROR_PERMISSION_DENIED, KITH_ERROR_PERMISSION },
    { G_IO_ERROR_READ_ONLY, KITH_ERROR_DISK },
    { G_IO_ERROR_TIMED_OUT, KITH_ERROR_TIMEOUT },
  };

  if (error == NULL)
    return KITH_ERROR_FAILED;
  if (error->domain == KITH_ERROR)
    return (guint) error->code <= KITH_ERROR_LAST ? (KithError) error->code : KITH_ERROR_FAILED;

  for (gsize i = 0; i < G_N_ELEMENTS (same); i++)
    if (g_error_matches (error, G_IO_ERROR, (gint) same[i].theirs))
      return same[i].ours;

  return KITH_ERROR_FAILED;
}

/**
 * kith_error_name_from_gerror:
 * @error: (nullable): an error of any domain
 *
 * Returns: the name as by kith_error_get_name(); "failed" for what has no name of its own
 */
const char *
kith_error_name_from_gerror (const GError *error)
{
  return names[kith_error_code_from_gerror (error)];
}

gboolean
kith_error_refuse (GError **error, KithError code, const char *message)
{
  g_set_error_literal (error, KITH_ERROR, (gint) code, message);
  return FALSE;
}
