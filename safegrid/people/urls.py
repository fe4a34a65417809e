from django.urls import path

from safegrid.people.pages import account, accounts, directory, entrance

app_name = "people"

urlpatterns = [
    path("sign-in/", entrance.sign_in, name="sign-in"),
    path("sign-out/", entrance.sign_out, name="sign-out"),
    path("setup/", entrance.set_up, name="set_up"),
    path("account/", account.account, name="account"),
    path("account/password/", account.change_password, name="password"),
    path("account/sign-out-everywhere/", account.sign_out_everywhere, name="sign_out_everywhere"),
    path("people/", directory.directory, name="directory"),
    path("people/organisations/add/", directory.add_organisation, name="add_organisation"),
    path("people/organisations/<int:pk>/", directory.organisation, name="organisation"),
    path("people/organisations/<int:pk>/add-post/", directory.add_post, name="add_post"),
    path("people/posts/<int:pk>/", directory.post, name="post"),
    path("people/posts/<int:pk>/edit/", directory.edit_post, name="edit_post"),
    path("people/posts/<int:pk>/take/", directory.take_post, name="take_post"),
    path("people/posts/<int:pk>/leave/<int:tenure>/", directory.leave_post, name="leave_post"),
    path("people/posts/<int:pk>/close/", directory.close_post, name="close_post"),
    path("people/accounts/", accounts.accounts, name="accounts"),
    path("people/accounts/add/", accounts.add_account, name="add_account"),
    path("people/accounts/<int:pk>/", accounts.account, name="user"),
    path("people/accounts/<int:pk>/edit/", accounts.edit_account, name="edit_account"),
    path(
        "people/accounts/<int:pk>/reset-password/", accounts.reset_password, name="reset_password"
    ),
    path("people/accounts/<int:pk>/set-active/", accounts.set_active, name="set_active"),
    path("people/accounts/<int:pk>/sign-out/", accounts.sign_out_user, name="sign_out_user"),
    path("people/tokens/", accounts.tokens, name="tokens"),
    path("people/tokens/<int:pk>/revoke/", accounts.revoke_token, name="revoke_token"),
]
