/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-address-input.h"

#include <string.h>

#include <gio/gio.h>
#include <glib/gi18n.h>

#include "base/kith-endpoint.h"
#include "base/kith-limits.h"

#define ADDRESS_MAX_CHARS 100

static gboolean
looks_like_name (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isalpha (g_utf8_get_char (p)) && strchr (text, ':') == NULL)
      return TRUE;

  return FALSE;
}

/* Whether more typing could still make an address of it: "192.168.", "2001:db8:". */
static gboolean
is_beginning (const char *text)
{
  gboolean v6 = strchr (text, ':') != NULL;
  g_auto (GStrv) parts = g_strsplit (text, v6 ? ":" : ".", -1);
  guint n_parts = g_strv_length (parts);

  if (n_parts > (v6 ? 8 : 4) || text[0] == '.')
    return FALSE;

  for (guint i = 0; i < n_parts; i++)
    {
      const char *digits = v6 ? "0123456789abcdefABCDEF" : "0123456789";
      guint64 number;

      if (strspn (parts[i], digits) != strlen (parts[i]))
        return FALSE;
      if (v6 && strlen (parts[i]) > 4)
        return FALSE;
      if (!v6 && *parts[i] == '\0' && i + 1 < n_parts)
        return FALSE;
      if (!v6 && *parts[i] != '\0'
          && !g_ascii_string_to_unsigned (parts[i], 10, 0, 255, &number, NULL))
        return FALSE;
    }

  return TRUE;
}

/* "192.168.1.7:", on the way to a port. */
static gboolean
is_beginning_with_port (const char *text)
{
  const char *colon = strchr (text, ':');
  g_autofree char *address = NULL;

  if (colon == NULL || memchr (text, '.', (size_t) (colon - text)) == NULL)
    return FALSE;

  address = g_strndup (text, (gsize) (colon - text));

  return is_beginning (address) && colon[1] == '\0';
}

static const char *
complain_of_text (const char *text)
{
  if (is_beginning_with_port (text))
    return NULL;
  if (is_beginning (text))
    return NULL;
  if (looks_like_name (text))
    return _("Enter an IP address in numbers, such as 192.168.1.7. Names are not looked up.");
  if (strchr (text, ':') != NULL)
    return _("This is not an IPv6 address, such as 2001:db8::7");

  return _("An IP address has four numbers from 0 to 255, such as 192.168.1.7");
}

static gboolean
is_of_one_computer (const KithEndpoint *endpoint)
{
  g_autofree char *text = kith_endpoint_dup_address (endpoint);
  g_autoptr (GInetAddress) inet = g_inet_address_new_from_string (text);

  return inet != NULL && !g_inet_address_get_is_any (inet) && !g_inet_address_get_is_multicast (inet)
         && !g_str_equal (text, "255.255.255.255");
}

/**
 * kith_address_input_check_address:
 * @text: what the user typed
 * @use: what it is for
 * @complaint: (out) (transfer none) (nullable): words for the user when it will not do; %NULL when
 *   it is right, or merely not complete yet
 *
 * Looks at an address while it is typed. Nothing is resolved: an IP address is asked for, so that
 * no name server learns whom the user talks to.
 *
 * Returns: (transfer full) (nullable): the address as the node takes it, "" for every address of
 *   this computer, or %NULL when it will not do
 */
char *
kith_address_input_check_address (const char *text, KithAddressUse use, const char **complaint)
{
  g_autofree char *bare = g_strstrip (g_strdup (text));
  KithEndpoint endpoint;

  *complaint = NULL;

  if (*bare == '\0')
    return use == KITH_ADDRESS_LISTEN ? g_strdup ("") : NULL;

  if (strlen (bare) > ADDRESS_MAX_CHARS)
    {
      *complaint = _("This is too long for an address");
      return NULL;
    }

  if (!kith_endpoint_parse (&endpoint, bare, KITH_DEFAULT_PORT))
    {
      *complaint = complain_of_text (bare);
      return NULL;
    }

  if (use == KITH_ADDRESS_CONNECT && !is_of_one_computer (&endpoint))
    {
      *complaint = _("This address does not belong to one computer. Enter the one your friend "
                     "told you.");
      return NULL;
    }

  return kith_endpoint_dup_address (&endpoint);
}

/**
 * kith_address_input_check_port:
 * @text: what the user typed
 * @use: what it is for; nothing means "any free port" for a listener
 * @port: (out): the port
 * @complaint: (out) (transfer none) (nullable): words for the user when it will not do; %NULL when
 *   it is right, or merely not there yet
 *
 * Looks at a port while it is typed.
 *
 * Returns: whether @port is set
 */
gboolean
kith_address_input_check_port (const char *text, KithAddressUse use, guint16 *port,
                               const char **complaint)
{
  g_autofree char *bare = g_strstrip (g_strdup (text));
  guint64 number;

  *port = 0;
  *complaint = NULL;

  if (*bare == '\0')
    return use == KITH_ADDRESS_LISTEN;

  if (!g_ascii_string_to_unsigned (bare, 10, 1, G_MAXUINT16, &number, NULL))
    {
      *complaint = _("A port is a number from 1 to 65535");
      return FALSE;
    }

  *port = (guint16) number;

  return TRUE;
}

/**
 * kith_address_input_split:
 * @text: something pasted
 * @address: (out) (transfer full): the address
 * @port: (out): the port
 *
 * Takes "192.168.1.7:5484" or "[2001:db8::7]:5484" apart. An IPv6 address without brackets is never
 * split, since its last group cannot be told from a port.
 *
 * Returns: whether @text was an address with a port
 */
gboolean
kith_address_input_split (const char *text, char **address, guint16 *port)
{
  g_autofree char *bare = NULL;
  g_autofree char *checked = NULL;
  const char *complaint;
  char *colon;

  if (strlen (text) > ADDRESS_MAX_CHARS)
    return FALSE;

  bare = g_strstrip (g_strdup (text));
  colon = strrchr (bare, ':');
  if (colon == NULL || colon[1] == '\0')
    return FALSE;

  *colon = '\0';
  if (strchr (bare, ':') != NULL && (bare[0] != '[' || !g_str_has_suffix (bare, "]")))
    return FALSE;

  checked = kith_address_input_check_address (bare, KITH_ADDRESS_CONNECT, &complaint);
  if (checked == NULL
      || !kith_address_input_check_port (colon + 1, KITH_ADDRESS_CONNECT, port, &complaint))
    return FALSE;

  *address = g_steal_pointer (&checked);

  return TRUE;
}

/**
 * kith_address_input_join:
 * @address: an IP address
 * @port: a port
 *
 * Returns: (transfer full): both in one, as kith_address_input_split() takes it
 */
char *
kith_address_input_join (const char *address, guint16 port)
{
  return g_strdup_printf (strchr (address, ':') != NULL ? "[%s]:%u" : "%s:%u", address, port);
}

/**
 * kith_address_input_describe:
 * @address: an address of this computer
 *
 * Returns: (transfer none): from where it can be reached, in words
 */
const char *
kith_address_input_describe (const char *address)
{
  KithEndpoint endpoint;

  if (!kith_endpoint_parse (&endpoint, address, KITH_DEFAULT_PORT))
    return "";
  if (kith_endpoint_is_loopback (&endpoint))
    return _("Only from this computer");
  if (kith_endpoint_is_private (&endpoint))
    return _("From your own network");

  return _("From the internet, if no firewall is in between");
}
