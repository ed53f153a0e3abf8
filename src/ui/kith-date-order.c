/* SPDX-License-Identifier: GPL-3.0-or-later */
/* English is written in many places: whether March 3 or 3 March is said by the locale, not by the language. */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-date-order.h"

#include <langinfo.h>
#include <string.h>

#include <glib/gi18n.h>

/**
 * kith_date_order_is_day_first:
 * @format: how a date is written, for strftime()
 *
 * Any thread.
 *
 * Returns: whether the day stands before the month
 */
gboolean
kith_date_order_is_day_first (const char *format)
{
  g_return_val_if_fail (format != NULL, FALSE);

  for (const char *p = strchr (format, '%'); p != NULL; p = strchr (p + 1, '%'))
    {
      /* How it is filled up, how wide it is, and whose digits it has. */
      p += 1 + strspn (p + 1, "-_0^#+123456789EO");
      if (*p == '\0')
        return FALSE;
      if (strchr ("de", *p) != NULL)
        return TRUE;
      if (strchr ("bBhmDF", *p) != NULL)
        return FALSE;
    }

  return FALSE;
}

/**
 * kith_date_order_choose:
 * @english: the format of a date as it is written in American English, with the month first; a message
 * @day_first: the same for those who speak English and write the day first
 *
 * A translation has the order of its language. Main thread.
 *
 * Returns: the one to use
 */
const char *
kith_date_order_choose (const char *english, const char *day_first)
{
  const char *format = gettext (english);

  /* What is not translated comes back as it is. */
  return format == english && kith_date_order_is_day_first (nl_langinfo (D_FMT)) ? day_first : format;
}
