; What the Windows installer does besides the usual (electron-builder includes this file): links of m3m:// open the app, and
; nothing of that is left when it is uninstalled. The app registers itself at start too, for the account that runs it.
!macro customInstall
  WriteRegStr SHELL_CONTEXT "Software\Classes\m3m" "" "URL:m3m"
  WriteRegStr SHELL_CONTEXT "Software\Classes\m3m" "URL Protocol" ""
  WriteRegStr SHELL_CONTEXT "Software\Classes\m3m\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
!macroend

!macro customUnInstall
  DeleteRegKey SHELL_CONTEXT "Software\Classes\m3m"
!macroend
