"""A Secret Service whose dialogs are all dismissed: gnome-keyring's own needs a display.

It has one locked collection (Secret Service API draft 0.2, freedesktop.org). The argument says which call makes it
ask: "create", as some services do for CreateItem, or "unlock", as gnome-keyring does after it has refused one.
Prints a line when it can be called.
"""

import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

ASKS_FOR = sys.argv[1]
SECRET = "org.freedesktop.Secret."
ROOT = "/org/freedesktop/secrets"
COLLECTION = ROOT + "/collection/login"
PROMPT = ROOT + "/prompt/p1"


class Prompt(dbus.service.Object):
    @dbus.service.method(SECRET + "Prompt", in_signature="s")
    def Prompt(self, _window):
        nothing = (
            dbus.ObjectPath("/", variant_level=1)
            if ASKS_FOR == "create"
            else dbus.Array([], signature="o", variant_level=1)
        )
        GLib.idle_add(lambda: self.Completed(True, nothing))

    @dbus.service.signal(SECRET + "Prompt", signature="bv")
    def Completed(self, dismissed, result):
        pass


class WithProperties(dbus.service.Object):
    properties = {}

    @dbus.service.method(dbus.PROPERTIES_IFACE, in_signature="ss", out_signature="v")
    def Get(self, _interface, name):
        return self.properties[name]

    @dbus.service.method(dbus.PROPERTIES_IFACE, in_signature="s", out_signature="a{sv}")
    def GetAll(self, _interface):
        return self.properties


class Collection(WithProperties):
    properties = {
        "Items": dbus.Array([], signature="o"),
        "Label": "Login",
        "Locked": dbus.Boolean(True),
        "Created": dbus.UInt64(1),
        "Modified": dbus.UInt64(1),
    }

    @dbus.service.method(SECRET + "Collection", in_signature="a{sv}(oayays)b", out_signature="oo")
    def CreateItem(self, _properties, _secret, _replace):
        if ASKS_FOR == "create":
            return "/", PROMPT
        # gnome-keyring's words.
        raise dbus.DBusException(
            "Cannot create an item in a locked collection", name=SECRET + "Error.IsLocked"
        )


class Service(WithProperties):
    properties = {"Collections": dbus.Array([COLLECTION], signature="o")}

    @dbus.service.method(SECRET + "Service", in_signature="sv", out_signature="vo")
    def OpenSession(self, algorithm, _input):
        if algorithm != "plain":
            raise dbus.DBusException("plain only", name="org.freedesktop.DBus.Error.NotSupported")
        return dbus.String("", variant_level=1), ROOT + "/session/s1"

    @dbus.service.method(SECRET + "Service", in_signature="a{ss}", out_signature="aoao")
    def SearchItems(self, _attributes):
        return [], []

    @dbus.service.method(SECRET + "Service", in_signature="ao", out_signature="aoo")
    def Unlock(self, _objects):
        return [], PROMPT

    @dbus.service.method(SECRET + "Service", in_signature="s", out_signature="o")
    def ReadAlias(self, _name):
        return COLLECTION


dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.SessionBus()
name = dbus.service.BusName("org.freedesktop.secrets", bus)
objects = [
    Service(bus, ROOT),
    Collection(bus, COLLECTION),
    Collection(bus, ROOT + "/aliases/default"),
    Prompt(bus, PROMPT),
]
print("ready", flush=True)
GLib.MainLoop().run()
