/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KithAddressUse:
 * @KITH_ADDRESS_CONNECT: the address of a friend
 * @KITH_ADDRESS_LISTEN: an address of this computer, or nothing for all of them
 *
 * What an address typed by the user is for.
 */
typedef enum
{
  KITH_ADDRESS_CONNECT,
  KITH_ADDRESS_LISTEN,
} KithAddressUse;

/* Addresses and ports as people type and paste them, judged while they are being typed. */

char       *kith_address_input_check_address (const char      *text,
                                              KithAddressUse   use,
                                              const char     **complaint);
gboolean    kith_address_input_check_port    (const char      *text,
                                              KithAddressUse   use,
                                              guint16         *port,
                                              const char     **complaint);
gboolean    kith_address_input_split         (const char      *text,
                                              char           **address,
                                              guint16         *port);
char       *kith_address_input_join          (const char      *address,
                                              guint16          port);
const char *kith_address_input_describe      (const char      *address);

G_END_DECLS
